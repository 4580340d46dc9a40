"""The sizes that pages are looked at in: width and height in pixels."""

WIDTHS = {"desktop": (1280, 900), "phone": (375, 812), "narrow": (320, 640)}
