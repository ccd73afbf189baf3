"""Texts and number formats as Excel wants them. Plain functions."""
import math
import re
import unicodedata

MAX_CELL_TEXT = 32767
LATIN_WIDTH = 0.9


def money_format(symbol, position='before', decimals=2):
    """The number format of amounts in a currency.

    >>> print(money_format('EUR', 'after', 0).replace(chr(160), '_'))
    #,##0"_EUR"
    """
    digits = '#,##0' + ('.' + '0' * decimals if decimals else '')
    symbol = symbol.replace('"', '')
    if not symbol:
        return digits
    if position == 'after':
        return f'{digits}"\N{NO-BREAK SPACE}{symbol}"'
    return f'"{symbol}\N{NO-BREAK SPACE}"{digits};-"{symbol}\N{NO-BREAK SPACE}"{digits}'


def excel_date_format(strftime_format):
    """
    >>> excel_date_format('%d/%m/%Y'), excel_date_format('%Y年%m月%d日')
    ('dd/mm/yyyy', 'yyyy"年"mm"月"dd"日"')
    """
    codes = {'%Y': 'yyyy', '%y': 'yy', '%m': 'mm', '%B': 'mmmm', '%b': 'mmm', '%d': 'dd', '%-d': 'd', '%-m': 'm',
             '%A': 'dddd', '%a': 'ddd'}
    parts = re.split(r'(%-?[A-Za-z])', strftime_format)
    return ''.join(
        codes.get(part, '') if part.startswith('%') else re.sub(r'[^\s/.,\-]+', r'"\g<0>"', part)
        for part in parts
    ) or 'yyyy-mm-dd'


def clean_text(text):
    """What a cell may hold: no control characters except line breaks and tabs, no more than Excel allows."""
    text = str(text)
    if not text.isprintable():  # quickly said of almost every text
        text = re.sub(r'[\x00-\x08\x0b-\x1f\ufffe\uffff]', '', text)
    return text if len(text) <= MAX_CELL_TEXT else text[:MAX_CELL_TEXT - 1] + '…'


def display_width(text):
    """Width in characters of the default font: Chinese, Japanese and Korean ones take two.

    >>> display_width('abc'), display_width('客户')
    (3, 4)
    """
    text = str(text)
    if text.isascii() and '\n' not in text:
        return len(text)
    return max((sum(2 if unicodedata.east_asian_width(char) in 'WF' else 1 for char in line)
                for line in text.split('\n')), default=0)


def wrapped_lines(text, width):
    """Lines that a text takes in a column of some width, estimated: Latin letters are narrower than the digit that a
    width is counted in.

    >>> wrapped_lines('abc def', 4), wrapped_lines('a\\nb', 10), wrapped_lines('客户经理', 4)
    (2, 2, 2)
    """
    text = clean_text(text)
    if (len(text) if text.isascii() else 2 * len(text)) <= width and '\n' not in text:
        return 1  # as most do

    def units(line):
        if line.isascii():
            return LATIN_WIDTH * len(line)
        wide = display_width(line) - len(line)
        return 2 * wide + LATIN_WIDTH * (len(line) - wide)

    width = max(width, 1)
    return sum(math.ceil(units(line) / width) or 1 for line in text.split('\n'))
