"""What is done by hand for small planes is what numpy does."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from device.decoding.planes import edged, percentiles

_PLANES = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.floats(-1000, 1000, width=32),
)


@given(_PLANES, st.integers(0, 5), st.integers(0, 5))
def test_edges_are_repeated_as_numpy_repeats_them(plane: np.ndarray, rows: int, columns: int) -> None:
    expected = np.pad(plane, ((rows, rows), (columns, columns)), mode="edge")

    padded = edged(plane, rows, columns)

    assert padded.dtype == plane.dtype
    np.testing.assert_array_equal(padded, expected)


@given(_PLANES, st.lists(st.floats(0, 100), min_size=1, max_size=3))
def test_percentiles_are_numpys(plane: np.ndarray, shares: list[float]) -> None:
    expected = np.percentile(plane.astype(np.float64), shares)

    found = percentiles(plane, *shares)

    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6)
