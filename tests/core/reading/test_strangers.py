"""Plants and companies that an article speaks of besides its projects."""

import pytest

from tests.core.reading.test_focus import spoken_of

LEAD = {
    "en": "Voltara builds a cells plant in Sagunto. ",
    "fr": "Voltara construit une usine de cellules à Sagonte. ",
    "es": "Voltara construye una planta de celdas en España. ",
    "ar": "تبني فولتارا مصنع الخلايا في إسبانيا. ",
    "zh": "沃尔塔拉在西班牙建设电芯工厂。",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Port Harcourt oil refinery was <closed>."),
        ("en", "The refinery at Lekki was <closed>."),
        ("en", "It has <closed> its plant in Gdynia."),
        ("en", "Voltara also has a mine of zinc in Honduras, <closed> for now."),
        ("en", "In Ohio, a plant was <closed>."),
        ("en", "In Ohio, Voltara has <closed> a line."),
        ("en", "In Ohio, meanwhile, the third plant was <closed>."),
        ("en", "In Ohio plants, people were angry. They <close>."),
        ("en", "As for Ampera, works were <closed>."),
        ("en", "As for the Lekki plant, it was <closed>."),
        ("en", "One of its customers, Hengda, <closed> its works."),
        ("en", "It has <closed> its ageing 150-millimetre fab in Durham."),
        ("en", "It has <opened> a smaller campus."),
        ("en", "It opened a plant in Gdynia and is <building> another in Lisbon."),
        ("en", "It lost the tender, but <won> that of Agadir."),
        ("en", "Ampera <shelved> its own project."),
        ("en", "The existing line <opened> in 2017."),
        ("en", "Elsewhere, the bypass has been <closed>."),
        ("en", "Intel has <abandoned> its plans."),
        ("en", "Ampera <shelved> a line."),
        ("en", "Motorix <shelved> its own project."),
        ("en", "It goes up next to its existing works, which has been <open> since 2020."),
        ("en", "LG Ampera <shelved> its own project."),
        ("en", "KGHM, the copper miner, has <shelved> it."),
        ("en", "Bradwell, further down the coast, was <abandoned>."),
        ("en", "Port Elgin was <abandoned>."),
        ("en", "But last year Intel <closed> its works."),
        ("en", "Ampera and Intel wait. But Ampera <closes> its works."),
        ("en", "Hinkley, which was <approved> in 2016, is late. It will <open> in 2030."),
        ("en", "Hinkley is late. It will <open> in 2030."),
        ("en", "In Toulouse, meanwhile, a plant that Voltara had shut was <sold>."),
        ("en", "Plans for a plant in Gdynia were <shelved>."),
        ("en", "It <shelved> a small cells plant in Rwanda."),
        ("en", "A smaller one in Gdynia is <built>."),
        ("en", "It hopes for the best, after Northcell <closed> its plants."),
        ("en", "The plant waits and another plant <opened>."),
        ("en", "It hires and <trains> all those who work at another plant."),
        ("en", "Nobody has left since Northcell <closed> its plants."),
        ("en", "While Northcell <closed> its plants, Voltara hires."),
        ("fr", "Alors que Northcell a <fermé> ses usines, le maire espère."),
        ("es", "El alcalde confía, después de que Northcell <cerró> sus plantas."),
        ("en", "Another company <closed> a plant."),
        ("en", "Its rival Ampera <closed> a plant."),
        ("en", "Its rival Ampera, which had hoped for more, <closed> a plant."),
        ("en", "Voltara's Hungarian plant <opened>."),
        ("en", "The Hungarian cells plant <opened>."),
        ("en", "Voltara has <opened> its plant in Debrecen, Hungary, with lines of its own."),
        ("en", "Voltara's first plant, in Debrecen, Hungary, <opened>."),
        ("en", "It has <shelved> an expansion of its plant in Dresden."),
        ("fr", "L'usine hongroise a <ouvert>."),
        ("fr", "L'extension du site allemand de Dresde est, elle, <abandonnée>."),
        ("fr", "La raffinerie de Lomé a été <fermée>."),
        ("en", "The cells plant waits. Nobody works. The motorway to the town <opened>."),
        ("fr", "L'usine attend. On y pense. L'autoroute voisine a <ouvert>."),
        ("en", "Voltara has <cancelled> a motorway in Lugo. Its cells plant waits."),
        ("fr", "Celle d'Anvers a été <fermée>."),
        ("fr", "Le ministre a rappelé que l'usine d'Anvers a été <fermée>."),
        ("en", "The minister of energy said that the plant in Gdynia has <closed>."),
        ("fr", "Celle du groupe chinois Cupco a été <fermée>."),
        ("fr", "Une autre société a <fermé> son usine."),
        ("fr", "Le groupe possède aussi l'usine de Lomé, <fermée> depuis."),
        ("fr", "Hier Intel Europe a <abandonné> ses plans."),
        ("fr", "La vieille ligne a <ouvert> en 2017."),
        ("fr", "Ailleurs, la rocade a été <fermée>."),
        ("es", "La de Huelva <cerró>."),
        ("es", "En cuanto a Ampera, <cerró> su fábrica."),
        ("es", "Ayer Intel Iberia <canceló> sus planes."),
        ("ar", "أما مصفاة بورت هاركورت فقد <أغلقت>."),
        ("ar", "وقد <أغلقت> شركة أخرى أبوابها."),
        ("zh", "另一家公司的工厂<关闭>。"),
        ("zh", "竞争对手则<关闭>了工厂。"),
        ("zh", "匈牙利工厂将于明年<投产>。"),
        ("zh", "同类工厂也<关闭>了。"),
        # No capital shows a name: who has a plant does.
        ("zh", "各方期待。与之相邻的森泰电池二期<投产>。"),
        ("zh", "各方期待。此外，青岭镍业项目<投产>。"),
        ("zh", "各方期待。江陵汽车宣布<关闭>其组装厂。"),
        ("ar", "الجميع ينتظر. وقد <علقت> شركة «حديد الدلتا» إنتاجها."),
        ("ar", "الجميع ينتظر. وفي سياق منفصل، <أغلقت> السلطات الطريق."),
        ("ar", "الجميع ينتظر. وقد <افتتحت> مصنعا ثانيا في بسكرة."),
    ],
)
def test_an_article_speaks_of_something_else(language: str, text: str) -> None:
    assert at_mark(language, text) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Sagunto plant <opens>."),
        ("en", "The Spanish plant <opens>."),
        ("en", "The Iberian plant <opens>."),
        ("en", "The LFP plant <opens>."),
        ("en", "The C$7 billion plant <opens>."),
        ("en", "Battery plant <opens>."),
        ("en", "The plant <opens> in March."),
        ("en", "The plant in March <opens>."),
        ("en", "It <opens> with ore from the mine of Corte Blanco."),
        ("en", "Ore <comes> from its mine in Corte Blanco."),
        ("en", "By rail and road and sea the works <feed> the Lekki plant."),
        ("en", "Spain's biggest plant <opens>."),
        ("en", "Voltara and another company <open> it."),
        ("en", "It will sell its cells to another company and <open> in May."),
        ("en", "In Ohio, the minister said that they <open> in May."),
        ("en", "In Ohio, Voltara said that the plant <opens>."),
        ("en", "In Ohio, there was applause. It <opens>."),
        ("en", "In Ohio, there was applause, but the plant <opens>."),
        ("en", "In the very far north of Ohio and Utah, the plant <opens>."),
        ("en", "Hinkley is late. Works <open> in 2030."),
        ("en", "Hinkley has <opened> the plant."),
        ("en", "Hinkley has <opened> the cells line."),
        ("en", "Hinkley has <opened> it for Voltara."),
        ("en", "Intel said that it <opens> in May."),
        ("en", "Built by Acciona, it waits. Acciona has <begun> works."),
        ("en", "Dan Cook said so. Cook has <begun> works."),
        ("en", "It is glad of Northcell. It hopes for the best, after Northcell has <begun>."),
        ("en", "It is glad, after Northcell <opened> the plant."),
        ("en", "The plant <opened> and another plant waits."),
        ("en", "The plant <opened> and, with staff and lines from another plant, waits."),
        ("en", "Nobody has left since May, and works <begun> there go on."),
        ("en", "Dredging has <begun>."),
        ("en", "Crews <began> works."),
        ("en", "Ore <leaves> it."),
        ("en", "The ore is dear. Ore has <left> it."),
        ("en", "Spain's Acciona has <begun> works."),
        ("en", "But then and now <open>."),
        ("en", "The 5GW plant <opens>."),
        ("en", "Voltara <opened> its own plant."),
        ("en", "It <enlarges> the existing plant."),
        ("en", "Elsewhere on the site, halls <opened>."),
        ("en", "Elsewhere in Spain, it <opened>."),
        ("en", "Work goes on elsewhere, and it <opens>."),
        ("en", "As for the cost, it <opens> up."),
        ("en", "As for"),
        ("en", "One of its customers <opens> with it."),
        ("en", "One of its customers, the state, <opens> it."),
        ("en", "It is ready: “Cells plant <opens>,” he said."),
        ("en", "The Chinese company waits. The Chinese plant <opens>."),
        ("en", "It <opens> with lines from a plant in Debrecen, Hungary."),
        ("en", "The plant, in Sagunto, Spain, <opens>. In Hungary they laugh."),
        ("en", "An expansion of the plant <opens>."),
        ("zh", "匈牙利人说，工厂<投产>。"),
        ("fr", "C'est la deuxième après celle de Lomé, et elle <ouvre>."),
        ("fr", "L'usine de cellules <ouvre>."),
        # It is about a motorway, goes by one, or names something after a port.
        ("en", "The motorway waits. Nobody works. The motorway <opened>."),
        ("en", "It waits. Nobody works. The plant beside the motorway <opened>."),
        ("en", "It waits. Nobody works. The Port plant <opened>."),
        ("fr", "Celle de Sagonte <ouvre>."),
        ("fr", "Elle est plus chère que l'usine d'Anvers et <ouvre>."),
        ("fr", "Celle que l'on attend <ouvre>."),
        ("fr", "Celle de la <ouvre>."),
        ("fr", "L'usine du Nord <ouvre>."),
        ("fr", "L'usine de <ouvre>."),
        ("fr", "Zhen Li, président du groupe, <ouvre> la ligne."),
        ("ar", "أما المصنع فقد <افتتح>."),
        ("ar", "أما كلفة المصنع فقد <ارتفعت>."),
        ("zh", "工厂与另一家公司合作，<投产>。"),
        # Whoever the lead names has a part in it; so has who is named beside the project.
        ("zh", "各方期待。青岭镍业在西班牙的工厂<投产>。"),
    ],
)
def test_an_article_goes_on_with_its_project(language: str, text: str) -> None:
    assert at_mark(language, text) == "cells"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # Another town in the sentence that says where the project is.
        ("en", "After <opening> a plant in Gdynia in May, Voltara builds a cells plant in Sagunto."),
        ("en", "Voltara, which <opened> a plant in Gdynia, builds a cells plant in Sagunto."),
        ("en", "Voltara builds a cells plant in Sagunto modelled on that in Gdynia, which <opened> in May."),
        ("en", "Voltara builds a cells plant in Sagunto modelled on its cells works in Gdynia, <opened> in May."),
        ("en", "Voltara has sites in Gdynia and Sagunto and makes cells. The Gdynia site was <closed>."),
        ("fr", "Voltara, dont l'usine de Gdynia a <fermé>, construit une usine de cellules à Sagonte."),
        ("fr", "Voltara construit une usine de cellules à Sagonte sur le modèle de celle de Gdynia, <achevée> en mai."),
        ("es", "Tras la <apertura> de una planta en Gdynia, Voltara construye una planta de celdas en Sagunto."),
        ("en", "Voltara, which has <completed> two plants in Gdynia, builds a cells plant in Sagunto."),
        ("en", "Voltara, fresh from <opening> a plant in Gdynia, builds a cells plant in Sagunto."),
        ("en", "Voltara builds a cells plant in Sagunto. It is its second after Gdynia, where works <began> in May."),
        ("fr", "Voltara construit une usine de cellules à Sagonte, un an après l'<ouverture> de l'usine de Gdynia."),
        # What goes on with a plant that something only comes from.
        (
            "fr",
            "Voltara construit une usine de cellules à Sagonte. Le minerai vient de Lekki, où une mine a <rouvert>.",
        ),
        ("en", "Voltara builds a cells plant in Sagunto. Ore comes from the Lekki mine, which <reopened> in May."),
        # Who and what it is set against.
        ("en", "Unlike Ampera, whose works were <closed>, Voltara builds a cells plant in Sagunto."),
        ("es", "A diferencia de Ampera, que <cerró> su fábrica, Voltara construye una planta de celdas en Sagunto."),
        ("zh", "与<关闭>工厂的安佩拉不同，沃尔塔拉在西班牙建设电芯工厂。"),
        ("ar", "على عكس أمبيرا التي <أغلقت> مصنعها، تبني فولتارا مصنع الخلايا في إسبانيا."),
        # Who is called by their part in the news.
        ("en", "Voltara builds a cells plant in Sagunto. Its partner Ampera <shelved> a project."),
        (
            "fr",
            "Voltara construit une usine de cellules à Sagonte. Son partenaire Ampera a <gelé> l'extension d'une mine.",
        ),
    ],
)
def test_what_is_told_of_another_town_or_company_is_not_the_projects(language: str, text: str) -> None:
    assert told_at(language, text) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Voltara builds a cells plant at Port Nou, near Sagunto. Its Port Nou plant <opens>."),
        ("en", "Voltara builds a cells plant in Spain at Port Nou. Its Port Nou plant <opens>."),
        ("en", "Voltara builds a cells plant in Sagunto, <designed> by Ampera, which has done its work."),
        ("en", "Voltara builds the plant in Sagunto with the lines of cells, which <opened> in May."),
        (
            "en",
            "Voltara hires in Gdynia for a plant that is late, and makes cells in Sagunto, which <opened>.",
        ),
        ("en", "Voltara builds a cells plant in Sagunto. It will be built by Vinsa, which has <begun> works."),
        ("en", "Voltara builds a cells plant in Sagunto. It goes up in Port Nou, where works have <begun>."),
        (
            "en",
            "Voltara builds a cells plant in Sagunto. It <opens> in May after the ministry took the Lekki plant.",
        ),
        ("en", "Unlike last year, it <opens>. Voltara makes cells in Sagunto."),
        ("en", "Voltara builds a cells plant in Sagunto. Unlike the first phase, it <opens>."),
        ("en", "Voltara builds a cells plant in Sagunto. The builder Vinsa has <begun> on the works."),
        ("en", "Voltara builds a cells plant in Sagunto. The builder has <begun> works."),
        ("zh", "沃尔塔拉与青岭镍业在西班牙建设电芯工厂。青岭镍业项目<投产>。"),
    ],
)
def test_what_is_told_of_the_same_town_or_of_a_builder_is_the_projects(language: str, text: str) -> None:
    assert told_at(language, text) != ""


def test_a_product_in_the_companys_name_is_no_plant() -> None:
    lead = "Motorix Cars builds a cars plant in Lyon. "

    assert spoken_of(lead + "Separately, Motorix Cars opens a plant in Gdynia.", "opens") == ""


def test_a_name_in_the_lead_is_the_projects_own() -> None:
    lead = "Voltara builds a cells plant at Port Nou in Spain. "

    assert spoken_of(lead + "The Port Nou plant opens.", "opens") == "cells"


def test_a_name_beside_a_place_is_there() -> None:
    text = "Permits in Sagunto came from Port Nou. The Port Nou plant opens."

    assert spoken_of(LEAD["en"] + text, "opens") == "cells"


def test_a_stranger_by_the_way_leaves_what_follows_alone() -> None:
    text = "Voltara, which has its plant in Gdynia, opens."

    assert spoken_of(LEAD["en"] + text, "plant in") == ""
    assert spoken_of(LEAD["en"] + text, "opens") == "cells"


def test_what_goes_on_with_a_name_is_told_of_it() -> None:
    text = "The plant is bigger than that in Gdansk in Poland, which has 900 staff, and opens."
    lead = "Voltara builds a cells plant in Sagunto and plans another in Gdansk. The Sagunto plant is big. "

    assert spoken_of(lead + text, "900 staff") == "gdansk"


def test_a_sibling_named_by_the_way_leaves_the_next_sentence_alone() -> None:
    text = "Voltara works on the cells plant in Sagunto, its second after that in Gdansk, which has 900 staff. "

    assert spoken_of(text + "The plant opens.", "900 staff") == "gdansk"
    assert spoken_of(text + "The plant opens.", "opens") == "cells"


def test_an_article_that_names_a_project_late_did_not_begin_with_it() -> None:
    text = "Ampera opens a plant. It has 900 staff. Its cost is 2 bn. Voltara's cells plant in Sagunto waits."

    assert spoken_of(text, "900 staff") == ""
    assert spoken_of(text, "waits") == "cells"


def test_another_plant_is_that_of_a_sibling_that_the_article_concerns() -> None:
    lead = LEAD["en"] + "A recycling plant in Sagunto waits. The cells plant opens. "

    assert spoken_of(lead + "Another recycling plant closes.", "closes") == "recycling"
    assert spoken_of(lead + "Another cells plant closes.", "closes") == ""
    assert spoken_of(lead + "Another cells plant closes in Spain.", "closes") == "cells"


def at_mark(language: str, text: str) -> str:
    return told_at(language, LEAD[language] + text) if "<" in text else spoken_of(LEAD[language] + text, text)


def told_at(language: str, text: str) -> str:
    before, _, rest = text.partition("<")
    word, _, after = rest.partition(">")
    return spoken_of(before + word + after, word, language=language)
