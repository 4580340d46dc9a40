"""A mail server on this machine that does as it is told."""

from __future__ import annotations

import asyncio
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Script:
    """Takes mail, and answers with what was scripted: replies to RCPT and DATA, or hanging up."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.to_rcpt: deque[str] = deque()
        self.to_data: deque[str] = deque()  # "hang up" closes the connection instead

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        reply = self.to_rcpt.popleft() if self.to_rcpt else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        reply = self.to_data.popleft() if self.to_data else "250 OK"
        if reply == "hang up":
            server.transport.close()
            await asyncio.sleep(0)
            return "421 gone"
        if reply.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append(mail)
        return reply


class Server(Controller):
    """The server with its script; the system chooses the port."""

    def __init__(self, script: Script) -> None:
        super().__init__(script, hostname="127.0.0.1", port=0)

    @property
    def chosen_port(self) -> int:
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        """Knock at the port that the system chose, which was not known beforehand."""
        self.port = self.chosen_port
        super()._trigger_server()
