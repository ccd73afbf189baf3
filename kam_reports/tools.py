"""Helpers without Odoo."""


def compact_ids(ids):
    """Ids as short text for an address.

    >>> compact_ids([9, 3, 1, 2])
    '1-3,9'
    """
    runs = []
    for number in sorted(set(ids)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ','.join(str(first) if first == last else f'{first}-{last}' for first, last in runs)


def parse_ids(text, limit):
    """The ids of `compact_ids`. ValueError for anything else, and for more than `limit`.

    >>> parse_ids('1-3,9', 10)
    [1, 2, 3, 9]
    """
    ids = []
    for part in text.split(','):
        first, dash, last = part.partition('-')
        first = int(first)
        last = int(last) if dash else first
        if not 0 < first <= last < 2**31 or last - first + len(ids) >= limit:
            raise ValueError(text)
        ids.extend(range(first, last + 1))
    return ids


def array_text(ids):
    """Ids as PostgreSQL reads an array: one value, where a list of 50,000 is put together and taken apart one by one.

    >>> array_text([7, 9])
    '{7,9}'
    """
    return f"{{{','.join(map(str, ids))}}}"
