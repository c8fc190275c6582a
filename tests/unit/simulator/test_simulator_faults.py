"""How faults are named, chosen, set and cleared."""

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.simulator.config import SimulatorConfig
from console.simulator.faults import NAMES, Fault, FaultError, Faults, parse_fault
from console.simulator.faults.fault import MIXED
from console.simulator.server import Simulator

from .conftest import Start


def test_every_fault_that_was_promised_has_a_name() -> None:
    promised = """html empty null list invalid-json truncated-json truncated-gzip double-gzip gzip-bomb huge-body
    slow-body deep-nesting reset close 429 429-retry-after 429-negative 429-date 429-absurd 500 502-empty 503 401 403
    redirect total-zero total-drop repeat-pages empty-middle slow shuffle bad-product duplicate-ids mix token-500
    token-401"""
    assert set(promised.split()) <= set(NAMES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("html", Fault("html")),
        (" html:0.25 ", Fault("html", 0.25)),
        ("502-empty@3,4", Fault("502-empty", pages={3, 4})),
        ("502-empty@3-5,9", Fault("502-empty", pages={3, 4, 5, 9})),
        ("502-empty*2", Fault("502-empty", times=2)),
        ("429-retry-after=30", Fault("429-retry-after", seconds=30)),
        ("slow=0.5:0.1@2*3", Fault("slow", 0.1, {2}, 3, 0.5)),
    ],
)
def test_faults_are_read(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault
    assert parse_fault(str(fault)) == fault


@given(
    fault=st.builds(
        Fault,
        st.sampled_from(NAMES),
        rate=st.none() | st.integers(0, 100).map(lambda percent: percent / 100),
        pages=st.frozensets(st.integers(1, 600)),
        times=st.none() | st.integers(1, 1_000),
        seconds=st.none() | st.integers(0, 5_000).map(lambda tenths: tenths / 10),
    )
)
def test_what_a_fault_prints_reads_back(fault: Fault) -> None:
    assert parse_fault(str(fault)) == fault


@given(text=st.text(max_size=30) | st.text(st.sampled_from("html502-mpty=:@*,.0123456789"), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FaultError):
        assert parse_fault(text).name in NAMES


@pytest.mark.parametrize(
    "text", ["", "htlm", "html:2", "html:", "html@0", "html@5-3", "html*0", "html=1..2", "html:nan"]
)
def test_what_is_no_fault_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(FaultError):
        parse_fault(text)


def test_an_unknown_name_is_answered_with_all_names() -> None:
    with pytest.raises(FaultError, match=r"'htlm'.*truncated-gzip.*bad-product-nan-price.*token-500"):
        parse_fault("htlm")
    with pytest.raises(FaultError, match=r"NAME\[=SECONDS\]"):
        parse_fault("html at 5")


def test_a_fault_refuses_numbers_that_make_no_sense() -> None:
    for wrong in ({"rate": 1.1}, {"rate": float("nan")}, {"times": 0}, {"pages": {0}}, {"seconds": float("inf")}):
        with pytest.raises(FaultError):
            Fault("html", **wrong)


def struck(faults: Faults, count: int, page: int = 1, *, token: bool = False) -> list[str]:
    """The names of what strikes a number of requests, one name or nothing each."""
    strikes = [
        faults.strike(number=number, page=page, token=token, now=0, counts=Counter()) for number in range(1, count + 1)
    ]
    return [",".join(name for name, _ in strike.hits) for strike in strikes]


def test_a_rate_is_kept_and_repeats() -> None:
    faults = Faults(1, "")
    faults.set("html:0.25")
    first = struck(faults, 2_000)
    assert 400 < first.count("html") < 600
    assert first == struck(faults, 2_000)
    other = Faults(2, "")
    other.set("html:0.25")
    assert struck(other, 2_000) != first
    faults.set("html:0")
    assert struck(faults, 100) == [""] * 100


def test_a_fault_strikes_so_many_times_and_no_more() -> None:
    faults = Faults(1, "")
    faults.set("html*2", "500")
    assert struck(faults, 4) == ["html,500", "html,500", "500", "500"]
    assert list(faults.active) == [Fault("500")]


def test_a_fault_strikes_its_pages_and_no_others() -> None:
    faults = Faults(1, "")
    faults.set(Fault("html", pages={3, 4}))
    assert [struck(faults, 1, page)[0] for page in range(1, 6)] == ["", "", "html", "html", ""]


def test_token_faults_strike_tokens_only() -> None:
    faults = Faults(1, "")
    faults.set("token-500", "html")
    assert struck(faults, 1) == ["html"]
    assert struck(faults, 1, token=True) == ["500"]


def test_a_mixture_is_of_everything_that_passes() -> None:
    faults = Faults(1, "")
    faults.set("mix")
    assert 50 < 1_000 - struck(faults, 1_000).count("") < 150
    faults.set("mix:1")
    assert set(struck(faults, 1_000)) == set(MIXED)


def test_a_wrong_fault_changes_nothing() -> None:
    faults = Faults(1, "")
    faults.set("html")
    with pytest.raises(FaultError):
        faults.set("500", "nonsense")
    assert list(faults.active) == [Fault("html")]
    faults.clear()
    assert not faults.active


async def test_faults_are_set_and_cleared_through_the_control_address(start: Start) -> None:
    bench = await start(faults=("500*9",))
    address = "/_control/faults"
    bench.client.headers.pop("Authorization")
    assert (await bench.client.get(address)).json() == ["500*9"]
    assert (await bench.client.put(address, json=["html:0.5", "502-empty@3,4"])).json() == ["html:0.5", "502-empty@3,4"]
    assert list(bench.sim.faults.active) == [Fault("html", 0.5), Fault("502-empty", pages={3, 4})]
    refused = await bench.client.put(address, json=["htlm"])
    assert refused.status_code == 400
    assert "truncated-gzip" in refused.json()["message"]
    for wrong in (b"", b'"html"', b"[5]", b"\xff"):
        assert (await bench.client.put(address, content=wrong)).status_code == 400
    assert (await bench.client.delete(address)).json() == []
    assert not bench.sim.faults.active
    assert (await bench.client.post(address)).status_code == 404


async def test_the_control_address_moves_and_counts(start: Start) -> None:
    bench = await start()
    moved = (await bench.client.post("/_control/advance")).json()
    assert moved["generation"] == bench.sim.catalogue.generation == 1
    await bench.page(2)
    counted = (await bench.client.get("/_control/counters")).json()
    assert (counted["requests"], counted["pages"]) == (1, {"2": 1})
    assert (counted["in_flight"], counted["in_flight_max"]) == (0, 1)
    assert (await bench.client.delete("/_control/counters")).json()["requests"] == 0
    assert (await bench.client.get("/_control/nothing")).status_code == 404


def test_a_fault_that_does_not_exist_stops_the_start() -> None:
    with pytest.raises(FaultError):
        Simulator(SimulatorConfig(products=1, faults=("nonsense",)))
