"""Whatever is searched for: any text, any part of a word, any order of words."""

from hypothesis import given
from hypothesis import strategies as st

from services.inventory.repository.search import (
    ArticleSearch,
    SearchCriteria,
)
from services.inventory.repository.wording import folded
from tests.inventory.searched import KEPT, KRAFT


@given(st.text(max_size=40))
def test_any_text_may_be_searched_for(text: str) -> None:
    index = ArticleSearch()
    index.put([KEPT])

    assert index.find(SearchCriteria(text=text)).count <= 1
    index.close()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_what_is_written_for_the_index_once_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)).split() == folded(text).split()


@given(st.integers(0, 4), st.integers(1, 9))
def test_every_part_of_a_word_is_found(first: int, length: int) -> None:
    index = ArticleSearch()
    index.put([KEPT])

    assert index.find(SearchCriteria(text="demodryck"[first : first + length])).count == 1
    index.close()


@given(st.permutations(["Demo", "kraft", "2", "kcal", "fiber", "DRICK"]), st.integers(1, 6))
def test_the_order_of_words_never_matters(words: list[str], count: int) -> None:
    index = ArticleSearch()
    index.put([KRAFT])

    assert index.find(SearchCriteria(text=" ".join(words[:count]))).article_nos == ("900010",)
    index.close()
