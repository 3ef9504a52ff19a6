"""What the author of a report decides: its query, its files and its recipients."""

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from tasks.addresses import checked_addresses
from tasks.errors import Invalid
from tasks.reports.bursting.settings import BurstSettings
from tasks.reports.charts.settings import ChartSettings
from tasks.reports.conditions.settings import ConditionSettings
from tasks.reports.difference.settings import DifferenceSettings
from tasks.reports.letter import DEFAULT_SUBJECT, DEFAULT_TEXT, check_template
from tasks.reports.looks.settings import Looks
from tasks.reports.mail.settings import MailSettings
from tasks.reports.mail.ways import MOST_CHANNELS, ChannelUse, each_channel_once
from tasks.reports.named import ColumnName
from tasks.reports.render import Format, Language
from tasks.reports.render.layout import MOST_PDF_ROWS, ONE_TABLE, USUAL_PDF_ROWS
from tasks.reports.workbooks.passwords import check_formats
from tasks.reports.workbooks.settings import SheetSettings
from tasks.reports.workbooks.uses import check_use

MOST_RECIPIENTS = 100
MOST_ROWS, USUAL_MOST_ROWS = 100_000_000, 1_000_000
MOST_TOTALS = 1_000
MOST_CHARTS, MOST_SHEETS = 10, 20


class ReportSettings(BaseModel):
    """The settings of the job `report`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = Field(min_length=1, max_length=80)
    sql: str = Field(min_length=1, max_length=100_000)
    formats: list[Format] = Field(default_factory=lambda: [Format.XLSX], min_length=1)
    language: Language = Language.ENGLISH
    recipients: list[str] = Field(default_factory=list, max_length=MOST_RECIPIENTS)
    subject: str = Field(DEFAULT_SUBJECT, max_length=300)
    text: str = Field(DEFAULT_TEXT, max_length=20_000)
    max_rows: int = Field(USUAL_MOST_ROWS, ge=1, le=MOST_ROWS)
    """A query that gives more fails: nothing is cut off."""
    totals: list[ColumnName] | None = Field(None, max_length=MOST_TOTALS)
    """The columns that get a sum: None means every column of decimals, an empty list none."""
    gzip: bool = False
    """Whether the CSV file is compressed."""
    pdf_max_rows: int = Field(USUAL_PDF_ROWS, ge=1, le=MOST_PDF_ROWS)
    """Rows that a PDF shows; of more it says how many there are, and where."""

    looks: Looks = Field(default_factory=Looks)
    sheets: list[SheetSettings] = Field(default_factory=list, max_length=MOST_SHEETS)
    charts: list[ChartSettings] = Field(default_factory=list, max_length=MOST_CHARTS)
    condition: ConditionSettings = Field(default_factory=ConditionSettings)
    difference: DifferenceSettings | None = None
    burst: BurstSettings | None = None
    mail: MailSettings = Field(default_factory=MailSettings)
    channels: list[ChannelUse] = Field(default_factory=list, max_length=MOST_CHANNELS)

    template: str = Field("", max_length=80)
    """The short name of the workbook template that the Excel file is made from."""
    template_table: str = Field("", max_length=255)
    """The table of the template that gets the rows; empty where it has one place for them."""
    file_password: str = Field("", max_length=2_000)
    """The password of the Excel file as it is kept: encrypted."""

    @field_validator("recipients")
    @classmethod
    def _addresses(cls, given: list[str]) -> list[str]:
        return checked_addresses(given, field="recipients")

    @field_validator("subject", "text")
    @classmethod
    def _known_placeholders(cls, given: str, info: object) -> str:
        return check_template(given, field=getattr(info, "field_name", "text"))

    @field_validator("channels")
    @classmethod
    def _each_channel_once(cls, given: list[ChannelUse]) -> list[ChannelUse]:
        return each_channel_once(given)

    @field_validator("formats")
    @classmethod
    def _once_each(cls, given: list[Format]) -> list[Format]:
        return list(dict.fromkeys(given))

    @field_validator("sheets")
    @classmethod
    def _in_files_of_several(
        cls, given: list[SheetSettings], info: ValidationInfo
    ) -> list[SheetSettings]:
        single = sorted(ONE_TABLE.intersection(info.data.get("formats", ())))
        if given and single:
            raise Invalid(
                "A file of this kind holds one table only: {formats}. Choose Excel, PDF, HTML or "
                "JSON, or take the further queries away.",
                field="formats",
                formats=", ".join(single),
            )
        return given

    @field_validator("totals")
    @classmethod
    def _each_once(cls, given: list[str] | None) -> list[str] | None:
        return None if given is None else list(dict.fromkeys(given))

    @field_validator("file_password")
    @classmethod
    def _locks_all_files(cls, given: str, info: ValidationInfo) -> str:
        if given:
            check_formats(info.data.get("formats", ()))
        return given

    @field_validator("template")
    @classmethod
    def _fills_one_workbook(cls, given: str, info: ValidationInfo) -> str:
        check_use(given, info.data)
        return given
