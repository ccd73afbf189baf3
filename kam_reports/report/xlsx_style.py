"""How our files look: formats of kinds of values, styles of cells, colours."""
FONT = 'Calibri'
INK, INK_SOFT, BAND, LINE, TILE = '#1F2937', '#6B7280', '#1F3A5F', '#D1D5DB', '#F3F5F8'
NEGATIVE, BAR, PALE, LINK = '#B42318', '#9DB8D9', '#C9DAEE', '#1D4F91'
GREEN, AMBER, RED, GREY = '#4E9F6B', '#E3A72F', '#C5483A', '#C3C9D2'
# Number formats of the kinds of cells. `money` and `date` depend on the file, see XlsxWriter.
KINDS = {
    'text': {},
    'wrap': {'text_wrap': True},
    'integer': {'num_format': '#,##0'},
    'points': {'num_format': '0.0'},
    'trend': {'num_format': '+0.0;-0.0;0.0'},
    'change': {'num_format': '+#,##0;-#,##0;0'},
    'percent': {'num_format': '0.0%'},
    'share': {'num_format': '0%'},
    'days': {'num_format': '0.0'},
}
STYLES = {
    'title': {'font_size': 18, 'bold': True, 'font_color': BAND},
    'subtitle': {'font_color': INK_SOFT},
    'header': {'bold': True, 'font_color': '#FFFFFF', 'bg_color': BAND, 'text_wrap': True, 'align': 'center',
               'border': 1, 'border_color': BAND},
    'heading': {'bold': True, 'font_size': 12, 'font_color': BAND},
    'cell': {'bottom': 1, 'bottom_color': LINE},
    'indent': {'indent': 1},
    'total': {'bold': True, 'top': 1, 'top_color': INK, 'bg_color': TILE},
    'tile_label': {'font_color': INK_SOFT, 'bg_color': TILE, 'indent': 1},
    'tile_value': {'bold': True, 'font_size': 16, 'font_color': BAND, 'bg_color': TILE, 'align': 'left', 'indent': 1},
    'tile_note': {'font_size': 9, 'font_color': INK_SOFT, 'bg_color': TILE, 'indent': 1},
    'band': {'bg_color': BAND, 'font_color': '#FFFFFF'},
    'cover_label': {'font_color': INK_SOFT, 'bottom': 1, 'bottom_color': LINE, 'font_size': 11},
    'cover_value': {'bottom': 1, 'bottom_color': LINE, 'font_size': 11, 'bold': True, 'align': 'left'},
    'link': {'font_color': LINK, 'underline': 1},
    'note': {'italic': True, 'font_color': INK_SOFT},
    'small': {'font_size': 8, 'font_color': INK_SOFT, 'text_wrap': True, 'valign': 'top'},
}
# SUBTOTAL leaves out the rows that a filter hides, so that a reader may play with the filter.
SUBTOTALS = {'sum': 109, 'average': 101, 'count': 103}
TEXTS = ('text', 'wrap', 'date')
MAX_TEXT_WIDTH = 28
LINE_HEIGHT = 13
DEFAULT_HEIGHT = 16
MAX_ROW_HEIGHT = 400  # Excel: 409 points
