"""To whom the whole report goes: everybody once, with or without capitals."""

from tasks.reports.mail.addressing import addressed
from tasks.reports.mail.settings import MailSettings
from tasks.reports.settings import ReportSettings


def test_everybody_gets_one_mail_however_often_the_address_is_named() -> None:
    mail = MailSettings(cc=["A@x.com", "c@x.com"], bcc=["C@x.com", "d@x.com"])
    several = addressed(mail, ["a@x.com", "b@x.com", "B@X.com"], language="en")
    assert [one.recipient for one in several] == ["a@x.com", "b@x.com", "c@x.com", "d@x.com"]
    assert several[-1].target["to"] == ["a@x.com", "b@x.com"]


def test_an_address_that_is_typed_twice_is_kept_as_it_was_typed_first() -> None:
    given = {"source": "demo", "sql": "SELECT 1 AS A FROM DUMMY"}
    kept = ReportSettings.model_validate(given | {"recipients": ["Ayse@x.com", "ayse@X.com"]})
    assert kept.recipients == ["Ayse@x.com"]
