"""Run by a Python that has Splink: its pairs of one file as JSON lines, best first. Not imported by anything."""

import importlib
import json
import logging
import sys
import warnings


def main(path: str) -> None:
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    pandas, splink = importlib.import_module("pandas"), importlib.import_module("splink")
    rows = pandas.read_csv(path, dtype=str)
    for column in rows.columns:
        rows[column] = rows[column].str.strip().str.lower().replace("", None)
    rows = rows.rename(columns={"birthday": "date_of_birth", "street": "address_1"})
    rows["row"] = range(1, len(rows) + 1)
    linker = splink.Linker(splink.DuckDBAPI().register(rows), _settings(splink, rows))
    _train(splink, linker, set(rows.columns))
    found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    for pair in found.sort_values("match_weight", ascending=False).itertuples():
        line = {"rows": [pair.row_l, pair.row_r], "score": pair.match_weight}
        print(json.dumps(line))


def _settings(splink, rows):
    cl = importlib.import_module("splink.comparison_library")
    is_plain = rows["date_of_birth"].dropna().str.fullmatch(r"\d{8}").mean() > 0.5
    birthday = {"input_is_string": True, "datetime_format": "%Y%m%d" if is_plain else "%Y-%m-%d"}
    comparisons = {
        "given_name": cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        "surname": cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        "date_of_birth": cl.DateOfBirthComparison("date_of_birth", **birthday),
        "soc_sec_id": cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        "reference": cl.DamerauLevenshteinAtThresholds("reference", [1, 2]),
        "phone": cl.DamerauLevenshteinAtThresholds("phone", [1, 2]),
        "email": cl.EmailComparison("email"),
        "street_number": cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        "address_1": cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
        "suburb": cl.JaroWinklerAtThresholds("suburb", [0.9]).configure(term_frequency_adjustments=True),
        "postcode": cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
    }
    single = (
        "soc_sec_id",
        "reference",
        "phone",
        "email",
        "date_of_birth",
        "given_name",
        "surname",
        "postcode",
    )
    rules = [splink.block_on(each) for each in single if each in rows.columns]
    return splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row",
        comparisons=[each for column, each in comparisons.items() if column in rows.columns],
        blocking_rules_to_generate_predictions=rules,
    )


def _train(splink, linker, columns):
    sure = [("soc_sec_id",), ("reference",), ("email",), ("given_name", "surname", "date_of_birth")]
    rules = [splink.block_on(*each) for each in sure if columns.issuperset(each)]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for each in (("date_of_birth",), ("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(splink.block_on(*each))


if __name__ == "__main__":
    main(sys.argv[1])
