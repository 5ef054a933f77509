"""What messages say, in each language: data, without any rule. Later the catalogues that translators edit."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.model import ChangeType, Confidence, FactKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The words of one language. Templates have their places in braces."""

    #: Its Babel locale, where the reader's language tag names no region.
    locale: str
    rtl: bool = False
    #: Between what was and what is.
    arrow: str = "→"
    #: Around a project's name and what is said of it.
    headline: str = "{project}: {news}"
    #: After a label.
    labelled: str = "{label}: {value}"
    #: Around words of an article.
    quoted: str = "“{sentence}”"
    #: Where a project stands, when this is its status.
    statuses: Mapping[str, str]
    #: A stage or condition as something that happens.
    events: Mapping[str, str]
    kinds: Mapping[FactKind, str]
    #: Units that are words; others are written as they are.
    units: Mapping[str, str]
    #: What stands for ``/yr``.
    per_year: str
    #: First and second half of a ``{year}``.
    halves: tuple[str, str]
    labels: Mapping[ChangeType, str]
    reached: str = "{event}"
    expected: str
    later: str
    earlier: str
    overdue: str
    confirmed: str
    disputed: str
    quiet: str
    #: Where the date of the last news is known.
    quiet_since: str
    #: Label of the date on which it happened.
    effective: str
    confidence: Mapping[Confidence, str]
    #: Said below changes that the clock raised and no article told.
    inferred: Mapping[ChangeType, str]
    sources: str
    reference: str


ENGLISH = Phrases(
    locale="en_GB",
    statuses={
        "announced": "announced",
        "agreed": "agreed",
        "approved": "approved",
        "construction": "construction",
        "completed": "completed",
        "commissioning": "commissioning",
        "operating": "operating",
        "delayed": "delayed",
        "suspended": "suspended",
        "resumed": "resumed",
        "cancelled": "cancelled",
        "closed": "closed",
    },
    events={
        "announced": "announcement",
        "agreed": "signing of the agreement",
        "approved": "approval",
        "construction": "start of construction",
        "completed": "completion",
        "commissioning": "commissioning",
        "operating": "start of operation",
        "delayed": "delay",
        "suspended": "suspension",
        "resumed": "resumption",
        "cancelled": "cancellation",
        "closed": "closure",
    },
    kinds={
        FactKind.INVESTMENT: "investment",
        FactKind.CAPACITY: "capacity",
        FactKind.JOBS: "jobs",
        FactKind.AREA: "area",
        FactKind.PROGRESS: "progress",
    },
    units={},
    per_year="/yr",
    halves=("first half of {year}", "second half of {year}"),
    labels={
        ChangeType.STATUS: "Status",
        ChangeType.MILESTONE: "Milestone",
        ChangeType.SCHEDULE: "Schedule",
        ChangeType.OVERDUE: "Overdue",
        ChangeType.FACT: "Figure",
        ChangeType.CONFIRMED: "Confirmed",
        ChangeType.DISPUTED: "Disputed",
        ChangeType.QUIET: "Silence",
    },
    reached="{event}, milestone reached",
    expected="{event} expected {date}",
    later="{event} later than expected, {dates}",
    earlier="{event} earlier than expected, {dates}",
    overdue="{event} overdue, was expected {date}",
    confirmed="{matter} confirmed",
    disputed="{matter} disputed",
    quiet="no news for a long time",
    quiet_since="no news for a long time (last: {date})",
    effective="Date",
    confidence={
        Confidence.REPORTED: "Reported, not yet confirmed",
        Confidence.CONFIRMED: "Confirmed",
    },
    inferred={
        ChangeType.OVERDUE: "The expected date has passed and no source says that it has been reached.",
        ChangeType.QUIET: "Inferred from silence: no source says that anything has changed.",
    },
    sources="Sources",
    reference="Ref.",
)

FRENCH = Phrases(
    locale="fr",
    headline="{project}\u00a0: {news}",
    labelled="{label}\u00a0: {value}",
    quoted="«\u00a0{sentence}\u00a0»",
    statuses={
        "announced": "annoncé",
        "agreed": "convention signée",
        "approved": "approuvé",
        "construction": "en construction",
        "completed": "construction achevée",
        "commissioning": "en essais",
        "operating": "en exploitation",
        "delayed": "retardé",
        "suspended": "suspendu",
        "resumed": "repris",
        "cancelled": "abandonné",
        "closed": "fermé",
    },
    events={
        "announced": "annonce",
        "agreed": "signature de la convention",
        "approved": "approbation",
        "construction": "démarrage des travaux",
        "completed": "achèvement de la construction",
        "commissioning": "mise en service",
        "operating": "entrée en exploitation",
        "delayed": "retard",
        "suspended": "suspension",
        "resumed": "reprise",
        "cancelled": "abandon",
        "closed": "fermeture",
    },
    kinds={
        FactKind.INVESTMENT: "investissement",
        FactKind.CAPACITY: "capacité",
        FactKind.JOBS: "emplois",
        FactKind.AREA: "superficie",
        FactKind.PROGRESS: "avancement",
    },
    units={"units": "unités"},
    per_year="/an",
    halves=("1er semestre {year}", "2e semestre {year}"),
    labels={
        ChangeType.STATUS: "Statut",
        ChangeType.MILESTONE: "Étape",
        ChangeType.SCHEDULE: "Calendrier",
        ChangeType.OVERDUE: "Échéance dépassée",
        ChangeType.FACT: "Chiffre",
        ChangeType.CONFIRMED: "Confirmation",
        ChangeType.DISPUTED: "Contradiction",
        ChangeType.QUIET: "Silence",
    },
    reached="{event}, étape franchie",
    expected="{event}, échéance {date}",
    later="{event} plus tard que prévu, {dates}",
    earlier="{event} plus tôt que prévu, {dates}",
    overdue="{event} en retard, échéance {date}",
    confirmed="{matter}, information confirmée",
    disputed="{matter}, information contestée",
    quiet="aucune nouvelle depuis longtemps",
    quiet_since="aucune nouvelle depuis longtemps (dernière\u00a0: {date})",
    effective="Date",
    confidence={
        Confidence.REPORTED: "Rapporté, pas encore confirmé",
        Confidence.CONFIRMED: "Confirmé",
    },
    inferred={
        ChangeType.OVERDUE: "La date prévue est passée et aucune source ne dit que l’étape est franchie.",
        ChangeType.QUIET: "Déduit du silence\u00a0: aucune source ne dit que quoi que ce soit a changé.",
    },
    sources="Sources",
    reference="Réf.",
)

SPANISH = Phrases(
    locale="es",
    quoted="«{sentence}»",
    statuses={
        "announced": "anunciado",
        "agreed": "acuerdo firmado",
        "approved": "aprobado",
        "construction": "en construcción",
        "completed": "construcción terminada",
        "commissioning": "en pruebas",
        "operating": "en operación",
        "delayed": "retrasado",
        "suspended": "suspendido",
        "resumed": "reanudado",
        "cancelled": "cancelado",
        "closed": "cerrado",
    },
    events={
        "announced": "anuncio",
        "agreed": "firma del acuerdo",
        "approved": "aprobación",
        "construction": "inicio de las obras",
        "completed": "fin de la construcción",
        "commissioning": "puesta en marcha",
        "operating": "entrada en operación",
        "delayed": "retraso",
        "suspended": "suspensión",
        "resumed": "reanudación",
        "cancelled": "cancelación",
        "closed": "cierre",
    },
    kinds={
        FactKind.INVESTMENT: "inversión",
        FactKind.CAPACITY: "capacidad",
        FactKind.JOBS: "empleos",
        FactKind.AREA: "superficie",
        FactKind.PROGRESS: "avance",
    },
    units={"units": "unidades"},
    per_year="/año",
    halves=("primer semestre de {year}", "segundo semestre de {year}"),
    labels={
        ChangeType.STATUS: "Estado",
        ChangeType.MILESTONE: "Hito",
        ChangeType.SCHEDULE: "Calendario",
        ChangeType.OVERDUE: "Plazo vencido",
        ChangeType.FACT: "Cifra",
        ChangeType.CONFIRMED: "Confirmación",
        ChangeType.DISPUTED: "Contradicción",
        ChangeType.QUIET: "Silencio",
    },
    reached="{event}, hito alcanzado",
    expected="{event}, fecha prevista: {date}",
    later="{event} más tarde de lo previsto, {dates}",
    earlier="{event} antes de lo previsto, {dates}",
    overdue="{event} con retraso, fecha prevista: {date}",
    confirmed="{matter}, información confirmada",
    disputed="{matter}, información en disputa",
    quiet="sin noticias desde hace mucho",
    quiet_since="sin noticias desde hace mucho (última: {date})",
    effective="Fecha",
    confidence={
        Confidence.REPORTED: "Según una fuente, aún sin confirmar",
        Confidence.CONFIRMED: "Confirmado",
    },
    inferred={
        ChangeType.OVERDUE: "La fecha prevista ha pasado y ninguna fuente dice que se haya alcanzado.",
        ChangeType.QUIET: "Deducido del silencio: ninguna fuente dice que algo haya cambiado.",
    },
    sources="Fuentes",
    reference="Ref.",
)

ARABIC = Phrases(
    locale="ar",
    rtl=True,
    arrow="←",
    quoted="«{sentence}»",
    statuses={
        "announced": "معلن",
        "agreed": "اتفاقية موقعة",
        "approved": "مرخص",
        "construction": "قيد الإنشاء",
        "completed": "اكتمل البناء",
        "commissioning": "تشغيل تجريبي",
        "operating": "قيد التشغيل",
        "delayed": "متأخر",
        "suspended": "متوقف مؤقتا",
        "resumed": "استؤنف",
        "cancelled": "ملغى",
        "closed": "مغلق",
    },
    events={
        "announced": "الإعلان",
        "agreed": "توقيع الاتفاقية",
        "approved": "الترخيص",
        "construction": "انطلاق الأشغال",
        "completed": "اكتمال البناء",
        "commissioning": "التشغيل التجريبي",
        "operating": "بدء التشغيل",
        "delayed": "التأخر",
        "suspended": "توقف الأشغال",
        "resumed": "استئناف الأشغال",
        "cancelled": "الإلغاء",
        "closed": "الإغلاق",
    },
    kinds={
        FactKind.INVESTMENT: "الاستثمار",
        FactKind.CAPACITY: "الطاقة الإنتاجية",
        FactKind.JOBS: "مناصب الشغل",
        FactKind.AREA: "المساحة",
        FactKind.PROGRESS: "نسبة التقدم",
    },
    units={"units": "وحدة", "t": "طن", "ha": "هكتار"},
    per_year=" سنويا",
    halves=("النصف الأول من {year}", "النصف الثاني من {year}"),
    labels={
        ChangeType.STATUS: "الوضع",
        ChangeType.MILESTONE: "مرحلة",
        ChangeType.SCHEDULE: "الجدول الزمني",
        ChangeType.OVERDUE: "تجاوز الأجل",
        ChangeType.FACT: "رقم",
        ChangeType.CONFIRMED: "تأكيد",
        ChangeType.DISPUTED: "تضارب",
        ChangeType.QUIET: "غياب الأخبار",
    },
    reached="{event}، تم بلوغ المرحلة",
    expected="{event}، الموعد المتوقع {date}",
    later="{event} بعد الموعد المتوقع، {dates}",
    earlier="{event} قبل الموعد المتوقع، {dates}",
    overdue="{event}، تجاوز الأجل المتوقع {date}",
    confirmed="{matter}، خبر مؤكد",
    disputed="{matter}، خبر متنازع فيه",
    quiet="لا أخبار منذ مدة طويلة",
    quiet_since="لا أخبار منذ مدة طويلة (آخر خبر: {date})",
    effective="التاريخ",
    confidence={
        Confidence.REPORTED: "خبر لم يتأكد بعد",
        Confidence.CONFIRMED: "خبر مؤكد",
    },
    inferred={
        ChangeType.OVERDUE: "انقضى الموعد المتوقع ولم يذكر أي مصدر بلوغ المرحلة.",
        ChangeType.QUIET: "استنتاج من غياب الأخبار: لم يذكر أي مصدر حدوث تغيير.",
    },
    sources="المصادر",
    reference="المرجع",
)

CHINESE = Phrases(
    locale="zh",
    headline="{project}：{news}",
    labelled="{label}：{value}",
    statuses={
        "announced": "已宣布",
        "agreed": "已签约",
        "approved": "已获批",
        "construction": "建设中",
        "completed": "已竣工",
        "commissioning": "试生产",
        "operating": "已投产",
        "delayed": "延期",
        "suspended": "暂停",
        "resumed": "恢复",
        "cancelled": "已取消",
        "closed": "已关闭",
    },
    events={
        "announced": "宣布",
        "agreed": "签约",
        "approved": "获批",
        "construction": "开工",
        "completed": "竣工",
        "commissioning": "试生产",
        "operating": "投产",
        "delayed": "延期",
        "suspended": "暂停",
        "resumed": "恢复",
        "cancelled": "取消",
        "closed": "关闭",
    },
    kinds={
        FactKind.INVESTMENT: "投资",
        FactKind.CAPACITY: "产能",
        FactKind.JOBS: "就业岗位",
        FactKind.AREA: "面积",
        FactKind.PROGRESS: "进度",
    },
    units={"units": "件", "t": "吨", "ha": "公顷"},
    per_year="/年",
    halves=("{year}年上半年", "{year}年下半年"),
    labels={
        ChangeType.STATUS: "状态",
        ChangeType.MILESTONE: "里程碑",
        ChangeType.SCHEDULE: "进度计划",
        ChangeType.OVERDUE: "逾期",
        ChangeType.FACT: "数据",
        ChangeType.CONFIRMED: "确认",
        ChangeType.DISPUTED: "争议",
        ChangeType.QUIET: "无消息",
    },
    reached="{event}，里程碑已达成",
    expected="预计{event}时间：{date}",
    later="{event}推迟，{dates}",
    earlier="{event}提前，{dates}",
    overdue="{event}逾期，原预计{date}",
    confirmed="{matter}已确认",
    disputed="{matter}存在争议",
    quiet="长期无消息",
    quiet_since="长期无消息（最近：{date}）",
    effective="日期",
    confidence={
        Confidence.REPORTED: "据报道，尚未确认",
        Confidence.CONFIRMED: "已确认",
    },
    inferred={
        ChangeType.OVERDUE: "预计日期已过，尚无来源称已达成。",
        ChangeType.QUIET: "由无消息推断：没有来源称有任何变化。",
    },
    sources="来源",
    reference="编号",
)

#: By ISO 639-1 code.
PHRASES: Mapping[str, Phrases] = {
    "ar": ARABIC,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "zh": CHINESE,
}
