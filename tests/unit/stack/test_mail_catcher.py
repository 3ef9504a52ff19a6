"""The mail catcher, over a real connection."""

import asyncio
import smtplib
from pathlib import Path

from tasks.stack import mail_catcher
from tasks.stack.kept_mail import find_mail
from tasks.stack.ports import LOCAL, free_port

SENDER, RECIPIENT = "orchestrator@localhost", "accounting@company.example"


def catch(folder: Path, *mails: bytes) -> list[Path]:
    """Send mails to a catcher; return the files it kept, the oldest first."""

    async def run() -> None:
        server = await mail_catcher.serve(folder, port)
        async with server:
            for mail in mails:
                await asyncio.to_thread(send, mail)

    def send(mail: bytes) -> None:
        with smtplib.SMTP(LOCAL, port, timeout=30) as client:
            client.sendmail(SENDER, [RECIPIENT], mail)

    port = free_port()
    asyncio.run(run())
    return sorted(folder.glob("*.eml"))


def test_a_mail_is_kept_byte_for_byte(tmp_path: Path) -> None:
    mail = b"Subject: Report\r\n\r\n.a line with a dot\r\n\x80\xff bytes\r\n..\r\n"
    (kept,) = catch(tmp_path / "mail", mail)
    assert kept.read_bytes() == mail


def test_each_mail_is_a_file_in_the_order_of_arrival(tmp_path: Path) -> None:
    mails = [f"Subject: {number}\r\n\r\n".encode() for number in range(3)]
    assert [path.read_bytes() for path in catch(tmp_path / "mail", *mails)] == mails


def test_a_mail_of_32_megabytes_is_taken(tmp_path: Path) -> None:
    line = b"x" * 76 + b"\r\n"
    mail = b"Subject: large\r\n\r\n" + line * (33 * 1024 * 1024 // len(line))
    (kept,) = catch(tmp_path / "mail", mail)
    assert kept.stat().st_size == len(mail)


def test_a_mail_that_cannot_be_kept_is_refused_for_now(tmp_path: Path) -> None:
    folder = tmp_path / "mail"

    async def run() -> int:
        server = await mail_catcher.serve(folder, port)
        folder.rmdir()
        async with server:
            return await asyncio.to_thread(send)

    def send() -> int:
        with smtplib.SMTP(LOCAL, port, timeout=30) as client:
            client.ehlo()
            client.mail(SENDER)
            client.rcpt(RECIPIENT)
            return client.data(b"Subject: lost\r\n\r\n")[0]

    port = free_port()
    assert asyncio.run(run()) == 452


def test_a_mail_is_found_by_its_message_id(tmp_path: Path) -> None:
    mails = [f"Message-ID: <{name}@host>\r\n\r\n".encode() for name in ("one", "two")]
    kept = catch(tmp_path / "mail", *mails)
    assert find_mail(tmp_path / "mail", "<two@host>") == kept[1]
    assert find_mail(tmp_path / "mail", "<three@host>") is None
