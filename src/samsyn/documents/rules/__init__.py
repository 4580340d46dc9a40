"""The rules of evidence: what a file is, what it may be called, and when it may go."""

from samsyn.documents.rules.contents import TYPES, ContentRefusal, ContentRefused, media_type_of
from samsyn.documents.rules.names import safe_name
from samsyn.documents.rules.retention import may_be_removed
from samsyn.documents.rules.sizes import PACKAGES, check_picture, weigh

__all__ = [
    "PACKAGES",
    "TYPES",
    "ContentRefusal",
    "ContentRefused",
    "check_picture",
    "may_be_removed",
    "media_type_of",
    "safe_name",
    "weigh",
]
