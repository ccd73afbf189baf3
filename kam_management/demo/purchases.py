"""What the customers of the demo company bought and how they pay: plain arithmetic, no Odoo.

Everything follows from the row of a customer and the date of today, so two loads on one day make the same ledger. A
month here is counted back from today: month 0 ends today, month 11 is the last one inside twelve months, so the sums of
twelve months are the same on whatever day of the calendar the demo is loaded.
"""
from dataclasses import dataclass, field
from datetime import date, timedelta
from zlib import crc32

from dateutil.relativedelta import relativedelta

MONTHS = 30
# Industrial demand by month of the year: slow in August and around the turn of the year.
SEASON = (0.92, 0.96, 1.08, 1.04, 1.02, 1.06, 0.98, 0.80, 1.10, 1.08, 1.06, 0.90)
CATEGORIES = {
    'bearings': ('bearing_slewing', 'bearing_roller', 'bearing_ball', 'shaft_seal'),
    'drives': ('gearbox', 'geared_motor', 'inverter', 'coupling'),
    'hydraulics': ('piston_pump', 'valve', 'cylinder', 'hose_kit'),
    'sensors': ('controller', 'gateway', 'encoder', 'vibration_sensor'),
    'services': ('maintenance', 'commissioning', 'engineering'),
}


@dataclass
class Purchase:
    """One order that became one invoice. Amounts in euro; `returned` is the share credited afterwards."""
    customer: str
    date_order: date
    date_invoiced: date
    lines: list
    returned: float = 0.0
    date_returned: date | None = None
    paid: float = 1.0
    date_paid: date | None = None
    reference: str = field(default='')


def chance(*key, below=1000):
    """A number that looks random and is always the same for the same key."""
    return crc32('/'.join(map(str, key)).encode()) % below


def usd_per_euro(day, today):
    """A calm rate between 1.04 and 1.16 that changes with the month."""
    age = (today.year - day.year) * 12 + today.month - day.month
    swing = (0, 1, 3, 4, 6, 5, 3, 2, -1, -3, -4, -2)[age % 12]
    return round(1.10 + swing / 100 - age * 0.0005, 4)


def purchases(customer, catalogue, today):
    """All purchases of one customer, oldest first.

    :param dict customer: row of customers.csv
    :param dict catalogue: list price by product
    """
    if not customer['orders']:
        return []
    slots = _slots(customer, today)
    amounts = _amounts(customer, slots)
    result = [_purchase(customer, catalogue, slot, amounts[slot], today) for slot in slots]
    return sorted(result, key=lambda purchase: (purchase.date_invoiced, purchase.reference))


def _slots(customer, today):
    """(month, number, date) of every invoice."""
    rate, phase = float(customer['orders']), chance(customer['id'], below=100) / 100
    slots = []
    for month in range(int(customer['last']), int(customer['first']) + 1):
        count = int((month + 1) * rate + phase) - int(month * rate + phase)
        for number in range(count):
            days = 1 + (chance(customer['id'], month, below=26) + 26 * number // count) % 26
            slots.append((month, number, today - relativedelta(months=month) - timedelta(days=days)))
    return slots


def _amounts(customer, slots):
    """Euro by slot. Each block of twelve months sums up to the year's revenue of the table, whatever the season."""
    growth = [1 + float(customer[key] or 0) / 100 for key in ('growth', 'growth_before')]
    yearly = [float(customer['revenue']) * 1000]
    for factor in growth:
        yearly.append(yearly[-1] / factor)
    amounts = {}
    for block, revenue in enumerate(yearly):
        inside = [slot for slot in slots if slot[0] // 12 == block]
        months = [month for month in range(int(customer['last']), int(customer['first']) + 1) if month // 12 == block]
        # Growth comes month by month, not in a step at the end of the block.
        factor = growth[min(block, 1)]
        weights = {
            slot: SEASON[slot[2].month - 1] * factor ** ((5.5 - slot[0] % 12) / 12)
            * (80 + chance(customer['id'], *slot[:2], below=41)) for slot in inside}
        total = sum(weights.values())
        for slot in inside:
            amounts[slot] = revenue * len(months) / 12 * weights[slot] / total
    return amounts


def _purchase(customer, catalogue, slot, amount, today):
    month, number, day = slot
    name = customer['id']
    purchase = Purchase(
        customer=name, date_invoiced=day, date_order=day - timedelta(days=3 + chance(name, month, 'order', below=12)),
        lines=_lines(customer, catalogue, slot, amount), reference=f'{month:02d}{number}')
    if chance(name, month, number, 'return', below=24) == 0 and day < today - timedelta(days=20):
        purchase.returned, purchase.date_returned = 0.2, day + timedelta(days=15)
    _pay(purchase, customer, slot, today)
    if customer['cast'] == 'credit_notes_only' and month < int(customer['last']) + 6:
        # What was bought and paid more than a year ago comes back now.
        purchase.returned, purchase.date_returned = 0.4, today - timedelta(days=20 * (month - 10))
    return purchase


def _lines(customer, catalogue, slot, amount):
    """[(product, quantity)] worth about `amount` after the customer's discount."""
    mix = [product for category in customer['mix'].split() for product in CATEGORIES[category]]
    net = 1 - float(customer['discount']) / 100
    first = chance(customer['id'], *slot[:2], 'mix', below=len(mix))
    # Two or three products on an order.
    steps = (0, 2, 5)[:2 + (slot[0] + slot[1]) % 3 // 2]
    chosen = [mix[(first + step) % len(mix)] for step in steps]
    chosen = sorted(dict.fromkeys(chosen), key=lambda product: -catalogue[product])
    lines = []
    for left, product in zip(range(len(chosen), 0, -1), chosen, strict=True):
        share = amount if left == 1 else amount * (0.6 if left == 3 else 0.65)
        quantity = round(share / (catalogue[product] * net))
        if left == 1 and not lines:
            quantity = max(quantity, 1)
        if quantity > 0:
            lines.append((product, quantity))
            amount -= quantity * catalogue[product] * net
    return lines


def _pay(purchase, customer, slot, today):
    """When the customer pays, and how much of it; what would be paid after today is open."""
    month, number, day = slot
    delay = int(customer['delay']) + chance(customer['id'], month, number, 'pay', below=9) - 4
    purchase.date_paid = day + timedelta(days=max(int(customer['term']) + delay, 1))
    if customer['habit'] == 'bad' and month < 10:
        # In trouble for ten months: a third late, a third by half, a third not at all.
        purchase.paid = (1.0, 0.5, 0.0)[month % 3]
    elif customer['habit'] in ('slow', 'late') and purchase.date_paid > today > day + timedelta(days=50):
        purchase.paid, purchase.date_paid = 0.5, today - timedelta(days=6)
    if purchase.date_paid > today:
        purchase.paid = 0.0
    purchase.date_paid = max(purchase.date_paid, (purchase.date_returned or day) + timedelta(days=1))
    if purchase.date_paid > today:
        purchase.date_paid = today
