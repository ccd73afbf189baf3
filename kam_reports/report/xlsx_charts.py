"""Charts on cells of a sheet, all in one look."""
from .xlsx_style import AMBER, BAND, BAR, GREEN, GREY, INK_SOFT, RED

FONT = {'color': INK_SOFT, 'size': 9}
# Of healthy, to watch, at risk and not known.
SIGNALS = (GREEN, AMBER, RED, GREY)
PALETTE = (BAND, BAR, '#E3A72F', '#4E9F6B', '#8B6FB0', '#C5483A', GREY)
TYPES_WITHOUT_AXES = ('doughnut', 'pie')


def new_chart(writer, kind, title, subtype=None):
    """A chart with our title, fonts and no frame; series and place are the caller's."""
    chart = writer.workbook.add_chart({'type': kind, **({'subtype': subtype} if subtype else {})})
    chart.set_title({'name': title, 'name_font': {'size': 11, 'color': BAND}, 'overlay': False})
    chart.set_chartarea({'border': {'none': True}})
    chart.set_legend({'position': 'bottom', 'font': FONT})
    if kind not in TYPES_WITHOUT_AXES:
        chart.set_x_axis({'num_font': FONT, 'line': {'color': INK_SOFT}, 'major_tick_mark': 'none'})
        chart.set_y_axis({'num_font': FONT, 'num_format': '#,##0', 'line': {'none': True},
                          'major_gridlines': {'visible': True, 'line': {'color': '#E5E7EB', 'width': 0.75}}})
    return chart


def horizontal_bars(chart):
    """Categories from the top in the order of the table, no axis of values: labels say them."""
    chart.set_legend({'none': True})
    chart.set_y_axis({'reverse': True, 'interval_unit': 1, 'num_font': {**FONT, 'size': 8},
                      'line': {'color': INK_SOFT}, 'major_tick_mark': 'none', 'label_position': 'low'})
    chart.set_x_axis({'visible': False, 'major_gridlines': {'visible': False}})


def add_series(chart, sheet, name, categories, values, color=None, **options):
    """A series on cells.

    :param categories: (first row, column, last row, column) of the names
    :param values: the same of the figures
    """
    look = {'fill': {'color': color}, 'border': {'none': True}} if color else {}
    chart.add_series({
        'name': name, 'categories': [sheet.name, *categories], 'values': [sheet.name, *values], 'gap': 45,
        **look, **options})


def place_chart(sheet, chart, row, col, width, height, description):
    chart.set_size({'width': width, 'height': height})
    sheet.worksheet.insert_chart(
        row, col, chart, {'x_offset': 10, 'y_offset': 4, 'object_position': 2, 'description': description})
