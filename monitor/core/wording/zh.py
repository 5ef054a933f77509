"""Messages in Chinese."""

from monitor.core.model import FactKind
from monitor.core.news import ChangeType
from monitor.core.state import Confidence
from monitor.core.wording.words import Wording

CHINESE = Wording(
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
    decided="由 {operator} 裁定",
    sources="来源",
    reference="编号",
)

#: By ISO 639-1 code.
