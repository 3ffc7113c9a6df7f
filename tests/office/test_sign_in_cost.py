"""A sign-in costs its hash, and little else."""

from counterfoil.adapters.office.passwords import Argon2Passwords
from counterfoil.entrypoints.bench.sign_in import sign_in_cost


def test_a_sign_in_is_measured_beside_its_hash() -> None:
    cost = sign_in_cost(3, passwords=Argon2Passwords(memory_kib=1_024, passes=1))
    assert cost.hash_us > 0 and cost.session_us > 0
    assert cost.sign_in_us > cost.hash_us and cost.beside_us == cost.sign_in_us - cost.hash_us
    assert cost.session_us < cost.sign_in_us
