"""What stands in a cell besides texts, numbers and dates, and what a column is."""
from typing import NamedTuple


class Column(NamedTuple):
    label: str
    kind: str = 'text'
    total: str = ''
    width: float = 0  # 0: from the content


class Link(NamedTuple):
    """A text that opens an address of ours."""
    text: str
    url: str

    def __str__(self):
        return self.text or ''


class Formula(NamedTuple):
    """A formula of ours, never of the database, with its result: not every program computes when it opens a file.

    `{row}` in the text is the row it stands in, `{first}` and `{last}` are those of its table.
    """
    text: str
    value: object = 0


class Styled(NamedTuple):
    """A value or a formula on a colour of its own, such as '#D6EBDD'; None for that of its column."""
    value: object
    color: str | None

    def __str__(self):
        return str(plain(self) or '')


def plain(value):
    """The value of a cell, also where a formula computes it."""
    while isinstance(value, (Formula, Styled)):
        value = value.value
    return value
