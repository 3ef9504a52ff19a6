"""What is said about a parameter, or a value of it, that cannot be taken."""

from tasks.errors import mark

MISSING = mark("{title} is missing.")
UNSTORABLE = mark("{title} holds a character that is no text. Delete it and type it anew.")
TOO_LONG = mark("{title} is too long: at most {most} characters.")
TOO_SMALL = mark("{title}: {given} is too small. The least is {least}.")
TOO_LARGE = mark("{title}: {given} is too large. The most is {most}.")
NO_BOUND = mark("{title}: “{given}” cannot be a bound of this type. Give a number or a date.")
NO_START = mark(
    "{title}: the first run cannot begin at “{given}”. Give a date, a word such as "
    "first_of_month, or hours_ago(24)."
)
NOT_PLAIN = mark(
    "{title}: “{given}” has to be written with a point for its decimals and nothing between its "
    "thousands, such as 1234.5."
)
NO_CHOICES = mark("{title}: give the choices, separated by commas.")
NO_QUERY = mark("{title}: give the query of its choices, or fill in a ready one.")
NO_COMMA = mark("{title}: the choice “{given}” holds a comma, which stands between choices.")
