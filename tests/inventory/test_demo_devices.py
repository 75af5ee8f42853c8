"""The demo's devices and places: invented, whole, and on true classes of ISO 9999."""

from pathlib import Path

import pytest

from services.inventory.domain.article import Article
from services.inventory.domain.catalogue_file import read_catalogue
from services.inventory.domain.judging import judge
from services.inventory.domain.places_file import Places, judge_places, read_places, storerooms_of
from shared.domain.device_areas import DEVICE_AREAS
from tools.demo.load import DEVICES, PLACES

TITLES = {
    "040306": "Inhalatorer",
    "040312": "Respiratorer",
    "040318": "Oxygenutrustningar",
    "040321": "Slemsugar",
    "040327": "Andningsmuskeltränare",
    "042706": "Stimulatorer för smärtlindring",
    "042709": "Muskelstimulatorer",
    "061209": "Knäortoser",
    "120303": "Käppar",
    "120316": "Gånghjälpmedel med flera stödben",
    "120603": "Gåstativ",
    "120606": "Rollatorer",
    "120609": "Gåstolar",
    "120612": "Gåbord",
    "122203": "Manuella tvåhjulsdrivna rullstolar",
    "180606": "Läs- och arbetsbelysningar",
    "220303": "Ljusfilter",
    "220309": "Glas, linser och linssystem som förstorar",
    "220312": "Kikare och teleskop",
    "220318": "Förstorande videosystem",
    "220615": "Bakom-örat-hörapparater",
    "220621": "Benförankrade hörapparater",
    "222103": "Bokstavs- och symbolsatser, tavlor",
    "222109": "Samtalshjälpmedel vid närkommunikation",
    "222704": "Akustiska signaler",
    "222712": "Ur och klockor",
    "222715": "Almanackor, kalendrar och planeringssystem",
    "222716": "Hjälpmedel för minnesstöd",
}
"""The classes by which regions prescribe (edition 2011), as their public guides name them."""
OF_CLASS = {
    "910001": "Respiratorer",
    "910320": "Oxygenutrustningar",
    "910330": "Slemsugar",
    "910400": "Inhalatorer",
    "910450": "Stimulatorer för smärtlindring",
    "910454": "Muskelstimulatorer",
    "910500": "Glas, linser och linssystem som förstorar",
    "910502": "Kikare och teleskop",
    "910550": "Bakom-örat-hörapparater",
    "910600": "Rollatorer",
    "910610": "Manuella tvåhjulsdrivna rullstolar",
    "910650": "Samtalshjälpmedel vid närkommunikation",
    "910654": "Hjälpmedel för minnesstöd",
    "910702": "Knäortoser",
}
BRANDS = ("philips", "resmed", "löwenstein", "fisher", "oticon", "phonak", "invacare", "etac", "tobii")
FILE = read_catalogue(Path(DEVICES).read_bytes())
JUDGED = judge(FILE, catalogue={})
BY_NUMBER = {each.article_no: each for each in JUDGED.good}


def test_the_demo_has_eighty_devices_without_a_bad_row() -> None:
    assert JUDGED.bad == ()
    assert len(JUDGED.good) == 80


def test_every_class_is_one_that_regions_use() -> None:
    used = {each.device.iso_code for each in JUDGED.good if each.device}

    assert used == TITLES.keys()


@pytest.mark.parametrize(("article_no", "title"), OF_CLASS.items())
def test_a_device_is_of_the_class_that_its_name_says(article_no: str, title: str) -> None:
    device = BY_NUMBER[article_no].device

    assert device
    assert TITLES[device.iso_code] == title


def test_every_product_area_has_devices_of_the_demo() -> None:
    assert {each.product_area for each in JUDGED.good} == {each.key for each in DEVICE_AREAS}


def test_the_demo_shows_all_that_an_article_of_devices_can_be() -> None:
    devices = [each.device for each in JUDGED.good if each.device]

    assert {each.article_type for each in devices} == {"main_aid", "accessory", "spare_part"}
    assert {each.status for each in JUDGED.good} == {"active", "outgoing", "discontinued"}
    assert {each.uom for each in devices} == {"piece", "pair"}
    assert {each.owner for each in devices} == {"central", "care_unit"}
    assert sum(each.replaced_by is not None for each in JUDGED.good) == 4
    assert any(each.advanced for each in devices)
    assert any(each.bulky for each in devices)
    assert any(each.assortment == "earlier" for each in devices)


def test_the_humidifier_and_the_battery_are_marked_accessories_with_lines_of_their_own() -> None:
    for number in ("910200", "910202"):
        device = BY_NUMBER[number].device

        assert device
        assert (device.article_type, device.marked) == ("accessory", True)


def test_no_name_is_that_of_a_real_brand() -> None:
    def said(article: Article) -> str:
        return f"{article.name} {article.device and article.device.supplier}".casefold()

    assert [said(each) for each in JUDGED.good if any(brand in said(each) for brand in BRANDS)] == []


def test_the_demos_places_have_two_storerooms_that_a_warehouse_refills() -> None:
    places = read_places(Path(PLACES).read_bytes())

    assert judge_places(places, kept=Places({}, {})) == ()
    assert {each.storeroom_no: each.supplied_by for each in storerooms_of(places)} == {
        "DEMO-S1": ("DEMO-W1",),
        "DEMO-S2": ("DEMO-W1",),
        "DEMO-W1": (),
    }
