"""A score in plain words: the evidence of a tier change, and what a person reads.

Written in SQL because a run drafts many changes at once; the same statement explains a single score.
"""
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from ..metrics import METRICS


def texts(env, scores):
    """Select of (score_id, evidence): one text per score, in the language of `env`.

    :param scores: SQL condition on `score` (kam_score), e.g. SQL("score.run_id = %s", 7)
    """
    first = env._(
        "Score %(score)s of 100 on %(date)s: rank %(rank)s of %(count)s, data for %(coverage)s %% of the weights.",
        score="{score}", date="{date}", rank="{rank}", count="{count}", coverage="{coverage}")
    model = env._("Scoring model %(name)s, version %(version)s.", name="{name}", version="{version}")
    known = env._("%(label)s: %(value)s, %(points)s of 100 points (weight %(weight)s)",
                  label="{label}", value="{value}", points="{points}", weight="{weight}")
    unknown = env._("%(label)s: no data (weight %(weight)s)", label="{label}", weight="{weight}")
    line = SQL(
        """CASE WHEN item ->> 'value' IS NULL THEN %(unknown)s ELSE %(known)s END""",
        unknown=filled(unknown, {'label': SQL("metric.label"), 'weight': weight(SQL("weight"))}),
        known=filled(known, {
            'label': SQL("metric.label"), 'value': value_text(env, SQL("value"), SQL("metric.unit")),
            'points': number(env, SQL("points"), 0), 'weight': weight(SQL("weight"))}))
    head = filled(first + "\n" + model, {
        'score': number(env, SQL("score.score"), 1), 'date': SQL("score.date::text"),
        'rank': SQL("COALESCE(score.rank::text, '-')"), 'count': SQL("run.ranked_count::text"),
        'coverage': number(env, SQL("score.coverage"), 0),
        'name': translated(env, SQL("model.name")), 'version': SQL("model.version::text")})
    return SQL(
        """SELECT score.id AS score_id, %(head)s || E'\\n' || (
                  SELECT string_agg(%(line)s, E'\\n' ORDER BY position)
                    FROM jsonb_array_elements(score.breakdown) WITH ORDINALITY element (item, position)
                    JOIN (%(metrics)s) metric ON metric.code = item ->> 'metric'
                   CROSS JOIN LATERAL (SELECT (item ->> 'value')::float8 AS value,
                                              (item ->> 'points')::float8 AS points,
                                              (item ->> 'weight')::float8 AS weight) figures
                  ) AS evidence
             FROM kam_score score
             JOIN kam_score_run run ON run.id = score.run_id
             JOIN kam_scoring_model model ON model.id = run.model_id
             JOIN kam_program program ON program.id = score.program_id
             JOIN res_currency currency ON currency.id = program.currency_id
            WHERE %(scores)s""",
        head=head, line=line, metrics=metric_table(env), scores=scores)


def metric_table(env):
    """Select of (code, label, unit) of all metrics."""
    metrics = METRICS.values()
    return SQL(
        "SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) AS metric (code, label, unit)",
        [metric.code for metric in metrics], [env._(metric.label) for metric in metrics],
        [metric.unit for metric in metrics])


def translated(env, column):
    """SQL of a translated column in the language of `env`."""
    return SQL("COALESCE(%(column)s ->> %(lang)s, %(column)s ->> 'en_US')", column=column, lang=env.lang or 'en_US')


def value_text(env, value, unit):
    """SQL of a value with its unit; `currency.name` has to be in reach."""
    return SQL(
        """CASE %(unit)s WHEN 'currency' THEN %(whole)s || ' ' || currency.name
                WHEN 'percent' THEN %(tenths)s || ' %%' WHEN 'days' THEN %(days)s
                WHEN 'count' THEN %(count)s WHEN 'years' THEN %(years)s ELSE %(level)s END""",
        unit=unit, whole=number(env, value, 0), tenths=number(env, value, 1),
        days=filled(env._("%s days", "{value}"), {'value': number(env, value, 1)}),
        count=number(env, value, 1), years=filled(env._("%s years", "{value}"), {'value': number(env, value, 1)}),
        level=filled(env._("%s of 5", "{value}"), {'value': number(env, value, 0)}))


def number(env, value, digits):
    """SQL of a number as text, with the separators of the language of `env`."""
    lang = get_lang(env)
    pattern = "FM999,999,999,999,990" + ("." + "0" * digits if digits else "")
    # By way of other characters, so that swapping point and comma does not swap them back.
    return SQL(
        "replace(replace(translate(to_char(%s::numeric, %s), ',.', '<>'), '<', %s), '>', %s)",
        value, pattern, lang.thousands_sep or "", lang.decimal_point)


def weight(value):
    """SQL of a weight as text: no more digits than it has."""
    return SQL("trim_scale(%s::numeric)::text", value)


def filled(template, parts):
    """SQL of a text whose placeholders {name} are replaced by SQL of type text."""
    text = SQL("%s", template)
    for name, part in parts.items():
        text = SQL("replace(%s, %s, %s)", text, "{" + name + "}", part)
    return text
