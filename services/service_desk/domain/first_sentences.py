"""Sentences from which the desk learns before it has tickets of its own, written for this product; both languages."""

from __future__ import annotations

from collections.abc import Mapping

FIRST_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "technical": (
        "The pump does not start any more", "How do I set the pressure of the valve?", "The display shows error 17",
        "It makes a loud noise when running", "The machine stops after ten minutes", "How is the new filter installed?",
        "The controller loses its settings", "We need help with commissioning", "It leaks at the seal since Monday",
        "The motor overheats under load", "Firmware update fails", "Can the unit be connected to our network?",
        "水泵无法启动", "设备显示错误代码", "运行时噪音很大", "如何设置压力参数", "机器运行十分钟后自动停机",
        "请指导安装调试",
        "控制器参数丢失", "密封处漏水需要维修", "电机过热报警", "软件升级失败", "无法连接网络", "使用方法咨询",
    ),
    "quality": (
        "Two of the parts came with scratches", "The thread is cut wrongly", "Surface finish is below specification",
        "The castings have cracks", "Dimensions are out of tolerance", "The whole batch is defective",
        "Paint peels off after a week", "The material certificate does not match the lot", "Welds are porous",
        "Wrong hardness measured on this lot", "Parts are bent and cannot be used", "Poor quality of the last lot",
        "产品表面有划痕", "螺纹加工错误", "尺寸超差", "铸件有裂纹", "整批产品不合格", "油漆脱落",
        "材质证明与批次不符", "焊缝有气孔", "硬度不达标", "零件弯曲变形", "质量问题要求处理", "这个批次有缺陷",
    ),
    "delivery": (
        "Where is my order?", "The delivery is late again", "Three boxes are missing from the shipment",
        "Please change the delivery address", "The parcel was damaged in transport", "We received the wrong items",
        "When will the goods arrive?", "The carrier did not come", "Only half of the quantity arrived",
        "Tracking number does not work", "Please deliver to our second warehouse", "The pallet was left outside",
        "我的订单到哪里了", "发货又延迟了", "少发了三箱", "请更改收货地址", "包裹运输途中破损", "收到的货物不对",
        "货什么时候到", "物流没有上门", "只收到一半数量", "快递单号查不到", "请送到第二仓库", "还没有收到货",
    ),
    "billing": (
        "The invoice shows the wrong price", "Please send the invoice again", "We were charged twice",
        "When do we get our refund?", "The tax number on the invoice is wrong", "Our payment was not booked",
        "Please explain the dunning letter", "The discount is missing on the bill", "We need a credit note",
        "Can we pay in instalments?", "Bank details for the transfer please", "The statement of account is wrong",
        "发票金额不对", "请重新开具发票", "重复扣款了", "什么时候退款", "发票税号错误", "付款没有入账",
        "收到催款函请解释", "账单没有打折", "需要开红字发票", "可以分期付款吗", "请提供银行账号", "对账单有误",
    ),
}  # fmt: skip
