"""Which words a language has."""

from daemon import vocabulary


def test_everyday_words_are_said_often_and_names_seldom():
    english = vocabulary.of("en-GB")
    assert english["their"] > 100
    assert 0 < english["lovelace"] < 1
    assert "kubernetes" not in english


def test_of_some_languages_there_is_no_list():
    assert vocabulary.of("tlh") is None
    assert vocabulary.of("") is None
