"""Clinical tables: what they say of a tumour, and that nothing is stated where they contradict themselves."""

from pathlib import Path

import pytest
from support.studies import Study, codes, measured, sample, sheet, states, tabs

from recommender import Profile, Recommender


@pytest.mark.parametrize(
    ("rows", "disease"),
    [
        (["P-01|P-01-T|HCC", "P-01|P-01-T|FLC"], "HCC or FLC"),
        (["P-01|P-01-T|HCC", "P-01|P-01-T|Hepatocellular Carcinoma"], "HCC"),
        (["P-01|P-01-T|HCC", "P-01|P-01-T|HCC"], "HCC"),
        (["P-01|P-01-T|", "P-01|P-01-T|CHOL"], "CHOL"),
        (["P-01|P-01-T|[Discrepancy]"], "[Discrepancy]"),
        (["P-01|P-01-T|HCC|x"], None),
        (["P-01|P-01-T"], None),
    ],
)
def test_a_disease_that_is_not_clear_is_not_stated(
    study: Study, rows: list[str], disease: str | None
) -> None:
    study.write("data_clinical_sample.txt", tabs("PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE", *rows))
    assert sample(study.read(), "P-01-T").disease == disease


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("CANCER_TYPE_DETAILED", "HCC", "Fibrolamellar Carcinoma"),
        ("HBSAG", "positive", "negative"),
        ("HBV_STATUS", "no", "yes"),
    ],
)
def test_a_sample_and_its_patient_that_disagree_state_nothing(
    study: Study, recommender: Recommender, column: str, first: str, second: str
) -> None:
    study.write("data_clinical_sample.txt", tabs(f"PATIENT_ID|SAMPLE_ID|{column}", f"P-01|P-01-T|{first}"))
    study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", f"P-01|{second}"))
    found = study.read()
    profile = sample(found, "P-01-T")
    assert "CONTRADICTION" in codes(found)
    assert "HBV" not in profile.markers
    assert bool(recommender.recommend(profile).recommendations) == (column != "CANCER_TYPE_DETAILED")


def test_a_sample_of_two_patients_has_nothing_of_either(study: Study) -> None:
    study.write(
        "data_clinical_sample.txt",
        tabs("PATIENT_ID|SAMPLE_ID|ONCOTREE_CODE", "P-01|P-01-T|HCC", "P-02|P-01-T|HCC"),
    )
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG", "P-01|positive", "P-02|positive"))
    found = study.read()
    profile = sample(found, "P-01-T")
    assert (profile.disease, profile.therapies, profile.markers.get("HBV")) == ("HCC", (), None)
    assert "CONTRADICTION" in codes(found)


def test_a_further_row_adds_what_the_first_leaves_empty(study: Study) -> None:
    study.write("data_clinical_patient.txt", tabs("PATIENT_ID|HBSAG", "P-01|", "P-01|positive"))
    assert sample(study.read(), "P-01-T").markers["HBV"][0].state == "positive"


def test_two_columns_of_the_disease_that_disagree_are_declined(
    tmp_path: Path, recommender: Recommender
) -> None:
    found = sheet(tmp_path, "id,disease,diagnosis,therapies\nA,HCC,FLC,sorafenib\n")
    assert "CONTRADICTION" in codes(found)
    assert not recommender.recommend(found.profiles[0]).recommendations


def test_a_prior_therapy_did_not_have_to_fail(tmp_path: Path) -> None:
    found = sheet(tmp_path, "id,therapies,prior_therapy\nA,sorafenib,lenvatinib\n")
    assert found.profiles[0].resistant_to == ()
    assert "UNKNOWN_COLUMN" in codes(found)


def test_infections_that_rows_state_differently_are_unknown(study: Study) -> None:
    header = "PATIENT_ID|HBSAG|HCV_STATUS"
    study.write("data_clinical_patient.txt", tabs(header, "P-01|negative|positive", "P-01|positive|positive"))
    found = study.read()
    stated = measured(sample(found, "P-01-T"))
    assert {name: stated[name] for name in ("HBV", "HCV") if name in stated} == {"HCV": "positive"}
    assert "CONTRADICTION" in codes(found)


@pytest.mark.parametrize("cell", ["perhaps", "1:200", "see note"])
def test_a_test_that_is_not_understood_shuts_out_what_it_may_contradict(study: Study, cell: str) -> None:
    header = "PATIENT_ID|HBSAG|HISTORY_HEPATO_CARCINOMA_RISK_FACTORS|HBV_DNA"
    study.write(
        "data_clinical_patient.txt", tabs(header, f"P-01|{cell}|Hepatitis_B|", f"P-02|{cell}||positive")
    )
    found = study.read()
    assert "HBV" not in measured(sample(found, "P-01-T"))
    assert "HBV" in measured(sample(found, "P-02-T"))


class TestTimelines:
    HEADER = "PATIENT_ID|START_DATE|STOP_DATE|EVENT_TYPE|TREATMENT_TYPE|SUBTYPE|AGENT|TREATMENT_BEST_RESPONSE"

    def read(self, study: Study, *rows: str) -> tuple[Profile, set[str]]:
        study.write("data_timeline_treatment.txt", tabs(self.HEADER, *rows))
        found = study.read()
        return sample(found, "P-01-T"), codes(found)

    @pytest.mark.parametrize("agent", ["EXTERNAL BEAM", "EXTERNAL", "INTERNAL", "Radiation 1", ""])
    def test_an_agent_that_is_not_known_gives_way_to_the_type(self, study: Study, agent: str) -> None:
        found, told = self.read(study, f"P-01|1|2|TREATMENT|Radiation Therapy||{agent}|")
        assert found.therapies == ("Radiation Therapy",)
        assert ("UNREAD_TEXT" in told) == bool(agent)
        assert "UNKNOWN_THERAPY" not in told

    def test_agents_of_which_one_is_known_are_kept(self, study: Study) -> None:
        found, _ = self.read(study, "P-01|1|2|TREATMENT|Chemotherapy||Sorafenib + ABC-123|")
        assert found.therapies == ("Sorafenib + ABC-123",)

    def test_an_agent_that_nothing_explains_is_kept(self, study: Study) -> None:
        found, told = self.read(study, "P-01|1|2|TREATMENT|Some Study||ABC-123|")
        assert (found.therapies, "UNKNOWN_THERAPY" in told) == (("ABC-123",), True)

    @pytest.mark.parametrize(
        ("response", "failed", "code"),
        [
            ("Clinical Progressive Disease", True, None),
            ("Radiographic Progressive Disease", True, None),
            ("Stable Disease", False, None),
            ("[Not Applicable]", False, None),
            ("better than before", False, "UNKNOWN_RESPONSE"),
        ],
    )
    def test_the_outcome_of_a_treatment(
        self, study: Study, response: str, failed: bool, code: str | None
    ) -> None:
        found, told = self.read(study, f"P-01|1|2|TREATMENT|||Sorafenib|{response}")
        assert found.therapies == ("Sorafenib",)
        assert found.resistant_to == (("Sorafenib",) if failed else ())
        assert code is None or code in told

    @pytest.mark.parametrize(
        "row", ["P-01|1|2|TREATMENT|No treatment||Sorafenib|", "P-01|1|2|TREATMENT||refused|Sorafenib|"]
    )
    def test_what_any_column_denies_was_not_given(self, study: Study, row: str) -> None:
        assert not self.read(study, row)[0].therapies


class TestHepatitis:
    """Columns of clinical tables that hold an infection."""

    @pytest.mark.parametrize(
        ("column", "cell", "state"),
        [
            ("hist_hepato_carc_fact", "Hepatitis B", "positive"),
            ("HBV_VIRAL_STATUS", "Positive", "positive"),
            ("HBV.viral.status", "AVR-CC", "positive"),
            ("HBV.viral.status", "CC", "positive"),
            ("HBV.viral.status", "N", "negative"),
            ("HBV_STATUS_FINAL", "HBV", "positive"),
            ("HBSAG_STATUS", "negative", "negative"),
            ("HEP_B", "yes", "positive"),
            ("VIRAL_ETIOLOGY", "HBV", "positive"),
            ("HBV_HCV", "HBV", "positive"),
            ("Etiology of liver disease", "Hepatitis B; Alcohol", "positive"),
            ("CC_STATUS", "CC", None),
        ],
    )
    def test_a_known_column(
        self, study: Study, tmp_path: Path, column: str, cell: str, state: str | None
    ) -> None:
        study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", f"P-01|{cell}"))
        assert states(sample(study.read(), "P-01-T")).get("HBV") == state
        assert states(sheet(tmp_path, f"id\t{column}\nA\t{cell}\n").profiles[0]).get("HBV") == state

    @pytest.mark.parametrize(
        "column", ["HBV copies", "anti HCV titre", "Viral load", "AETIOLOGY_2", "hepatitis notes"]
    )
    def test_a_column_that_looks_like_one_is_reported(
        self, study: Study, tmp_path: Path, column: str
    ) -> None:
        study.write("data_clinical_patient.txt", tabs(f"PATIENT_ID|{column}", "P-01|yes"))
        found = study.read()
        assert "HEPATITIS_COLUMN" in codes(found)
        assert "HBV" not in states(sample(found, "P-01-T"))
        assert "HEPATITIS_COLUMN" in codes(sheet(tmp_path, f"id\t{column}\nA\tyes\n"))
