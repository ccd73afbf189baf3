from dataclasses import dataclass, replace
from datetime import date as Date
from typing import Any


@dataclass(frozen=True)
class PackScope:
    """What a pack is about. Which of it counts depends on the type of the pack.

    :param program: the programme
    :param accounts: accounts to report; None for all key accounts of the programme
    :param account: the one account of a dossier
    :param executive: whose accounts a sponsor pack has
    :param rebalance: the rebalancing that is explained
    :param date_from: the day that later figures are compared with
    :param date_to: the last day that counts
    :param companies: only accounts that bought from them within a year, where there are any
    :param sections: codes of the sheets, in any order; None for all
    """
    program: Any
    accounts: Any = None
    account: Any = None
    executive: Any = None
    rebalance: Any = None
    date_from: Date | None = None
    date_to: Date | None = None
    companies: Any = None
    sections: tuple | None = None

    def with_env(self, env):
        """The same with the rights and the language of another environment."""
        return replace(self, **{
            name: records.with_env(env)
            for name in ('program', 'accounts', 'account', 'executive', 'rebalance', 'companies')
            if (records := getattr(self, name)) is not None})
