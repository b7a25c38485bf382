"""Acts in words, for the auditor. An act without words is shown by its slug."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

APPS: dict[str, str | Promise] = {
    "people": gettext_lazy("账号"),
    "access": gettext_lazy("授权和设置"),
    "places": gettext_lazy("区划"),
    "venues": gettext_lazy("阵地"),
    "volunteers": gettext_lazy("志愿者和队伍"),
    "orders": gettext_lazy("点单"),
    "menu": gettext_lazy("菜单"),
    "feedback": gettext_lazy("意见"),
    "journal": gettext_lazy("审计"),
}
VERBS: dict[str, str | Promise] = {
    "people.join": gettext_lazy("建立账号"),
    "people.sign_in": gettext_lazy("登录"),
    "people.sign_out": gettext_lazy("退出"),
    "people.end_sign_in": gettext_lazy("让一台设备退出"),
    "people.password_failed": gettext_lazy("密码错误"),
    "people.verify_totp": gettext_lazy("通过动态码"),
    "people.verify_totp_failed": gettext_lazy("动态码错误"),
    "people.enrol_totp": gettext_lazy("绑定动态码"),
    "people.clear_totp": gettext_lazy("解绑动态码"),
    "people.set_password": gettext_lazy("设密码"),
    "people.set_profile": gettext_lazy("改资料"),
    "people.set_id_number": gettext_lazy("登记身份证号"),
    "people.give_consent": gettext_lazy("同意一项用途"),
    "people.withdraw_consent": gettext_lazy("撤回同意"),
    "people.disable": gettext_lazy("停用账号"),
    "people.enable": gettext_lazy("恢复账号"),
    "people.close_account": gettext_lazy("注销账号"),
    "people.unmask": gettext_lazy("查看联系方式"),
    "people.look_up": gettext_lazy("按手机号查人"),
    "people.rotate_keys": gettext_lazy("更换密钥"),
    "access.grant": gettext_lazy("授予角色"),
    "access.revoke": gettext_lazy("收回角色"),
    "access.found": gettext_lazy("设立首位安全管理员"),
    "access.set_setting": gettext_lazy("改设置"),
    "access.set_calendar": gettext_lazy("改放假安排"),
    "access.drop_calendar_day": gettext_lazy("一天改回国家日历"),
    "places.load": gettext_lazy("载入区划"),
    "places.add": gettext_lazy("新设地方"),
    "places.rename": gettext_lazy("地方更名"),
    "places.merge": gettext_lazy("并入别处"),
    "places.close": gettext_lazy("撤销地方"),
    "places.add_alias": gettext_lazy("加别名"),
    "places.remove_alias": gettext_lazy("去掉别名"),
    "venues.load": gettext_lazy("按区划建阵地"),
    "venues.open": gettext_lazy("新建阵地"),
    "venues.edit": gettext_lazy("改阵地档案"),
    "venues.set_hours": gettext_lazy("改开放时间"),
    "venues.add_photo": gettext_lazy("加照片"),
    "venues.remove_photo": gettext_lazy("删照片"),
    "venues.close": gettext_lazy("关闭阵地"),
    "venues.add_room": gettext_lazy("加功能室"),
    "venues.edit_room": gettext_lazy("改功能室"),
    "venues.close_room": gettext_lazy("停用功能室"),
    "venues.book": gettext_lazy("预约功能室"),
    "venues.book_weekly": gettext_lazy("每周预约功能室"),
    "venues.cancel_booking": gettext_lazy("取消预约"),
    "venues.cancel_series": gettext_lazy("取消每周预约"),
    "venues.upload": gettext_lazy("上传工作簿"),
    "venues.apply": gettext_lazy("导入工作簿"),
    "venues.drop": gettext_lazy("放弃导入"),
    "venues.undo": gettext_lazy("撤销导入"),
    "venues.export": gettext_lazy("导出阵地"),
    "volunteers.register_volunteer": gettext_lazy("登记为志愿者"),
    "volunteers.set_skills": gettext_lazy("改技能"),
    "volunteers.set_matching": gettext_lazy("开关自动推荐"),
    "volunteers.set_team_matching": gettext_lazy("开关队伍的智能派单"),
    "volunteers.stop_volunteering": gettext_lazy("退出志愿者"),
    "volunteers.create_team": gettext_lazy("建队伍"),
    "volunteers.edit_team": gettext_lazy("改队伍"),
    "volunteers.describe_team": gettext_lazy("改队伍简介"),
    "volunteers.close_team": gettext_lazy("解散队伍"),
    "volunteers.join": gettext_lazy("申请入队"),
    "volunteers.approve": gettext_lazy("同意入队"),
    "volunteers.turn_down": gettext_lazy("不同意入队"),
    "volunteers.remove": gettext_lazy("移出队伍"),
    "volunteers.leave": gettext_lazy("离队"),
    "volunteers.show_phones": gettext_lazy("查看队员电话"),
    "journal.view": gettext_lazy("看审计记录"),
    "orders.place": gettext_lazy("点单"),
    "orders.repair": gettext_lazy("补充点单"),
    "orders.change_time": gettext_lazy("改时间"),
    "orders.withdraw": gettext_lazy("撤单"),
    "orders.screen": gettext_lazy("受理"),
    "orders.send_back": gettext_lazy("退回补充"),
    "orders.reject": gettext_lazy("不予受理"),
    "orders.refer": gettext_lazy("转给别的部门"),
    "orders.merge": gettext_lazy("合并"),
    "orders.cancel": gettext_lazy("取消"),
    "orders.dispatch": gettext_lazy("派单"),
    "orders.transfer": gettext_lazy("转派"),
    "orders.accept": gettext_lazy("接单"),
    "orders.decline": gettext_lazy("谢绝"),
    "orders.assign": gettext_lazy("安排队员"),
    "orders.provision": gettext_lazy("配单"),
    "orders.schedule": gettext_lazy("约时间"),
    "orders.start": gettext_lazy("开始服务"),
    "orders.finish": gettext_lazy("服务完成"),
    "orders.review": gettext_lazy("评单"),
    "orders.dispute": gettext_lazy("说没做完"),
    "orders.rework": gettext_lazy("安排补做"),
    "orders.close": gettext_lazy("办结"),
    "orders.lapse": gettext_lazy("到期办结"),
    "orders.call": gettext_lazy("回访"),
    "orders.unmask": gettext_lazy("查看点单联系方式"),
    "orders.absorb": gettext_lazy("并进来一张重复单"),
    "orders.urge": gettext_lazy("催办"),
    "orders.escalate": gettext_lazy("超时上报"),
    "orders.take": gettext_lazy("自己接单"),
    "orders.offer": gettext_lazy("自动发出邀请"),
    "orders.lapse_offer": gettext_lazy("邀请到时未回复"),
    "orders.override": gettext_lazy("没有按建议派"),
    "orders.pin": gettext_lazy("指定派给"),
    "orders.forbid": gettext_lazy("定下不派给"),
    "orders.lift": gettext_lazy("撤销指定或不派"),
    "menu.set_dispatch_mode": gettext_lazy("改智能派单的方式"),
    "menu.edit_item": gettext_lazy("改菜单里的一项"),
    "menu.switch_off": gettext_lazy("停一项服务"),
    "menu.switch_on": gettext_lazy("恢复一项服务"),
    "menu.add_synonym": gettext_lazy("加一种说法"),
    "menu.remove_synonym": gettext_lazy("去掉一种说法"),
    "menu.draft_issue": gettext_lazy("起草月度清单"),
    "menu.publish_issue": gettext_lazy("发布月度清单"),
    "menu.claim": gettext_lazy("领单"),
    "menu.drop_claim": gettext_lazy("退掉领的单"),
    "feedback.send": gettext_lazy("写意见"),
    "feedback.answer": gettext_lazy("答复意见"),
}


DETAILS: dict[str, str | Promise] = {
    "reason": gettext_lazy("原因"),
    "role": gettext_lazy("角色"),
    "fields": gettext_lazy("改了"),
    "purpose": gettext_lazy("用途"),
    "version": gettext_lazy("版本"),
    "channel": gettext_lazy("方式"),
    "key": gettext_lazy("项目"),
    "before": gettext_lazy("原来"),
    "after": gettext_lazy("现在"),
    "days": gettext_lazy("日期"),
    "day": gettext_lazy("日期"),
    "team": gettext_lazy("队伍"),
    "note": gettext_lazy("备注"),
    "asked": gettext_lazy("条件"),
    "person": gettext_lazy("人员编号"),
    "number": gettext_lazy("单号"),
    "was": gettext_lazy("之前"),
    "name": gettext_lazy("名称"),
    "count": gettext_lazy("次数"),
    "words": gettext_lazy("说法"),
    "item": gettext_lazy("服务编号"),
    "theme": gettext_lazy("主题"),
    "months": gettext_lazy("月份"),
    "members": gettext_lazy("队员编号"),
    "file": gettext_lazy("文件"),
    "place_count": gettext_lazy("地方数"),
    "venue_count": gettext_lazy("阵地数"),
}
# What a state, a role or a way in is called; a value that is not here is shown as it was written.
VALUES: dict[str, dict[str, str | Promise]] = {
    "was": {
        "submitted": gettext_lazy("已提交"),
        "returned": gettext_lazy("退回补充"),
        "screened": gettext_lazy("已受理"),
        "dispatched": gettext_lazy("已派单"),
        "accepted": gettext_lazy("已接单"),
        "provisioned": gettext_lazy("已配单"),
        "scheduled": gettext_lazy("已约好时间"),
        "in_service": gettext_lazy("服务中"),
        "served": gettext_lazy("已完成，待评价"),
        "disputed": gettext_lazy("居民说没做完"),
        "reviewed": gettext_lazy("已评价"),
    },
    "reason": {
        "low_grade": gettext_lazy("评价偏低"),
        "not_done": gettext_lazy("居民说没做完"),
        "sample": gettext_lazy("抽查"),
        "phone_order": gettext_lazy("电话点的单，代问评价"),
    },
    "channel": {
        "web": gettext_lazy("网上"),
        "phone": gettext_lazy("电话"),
        "walk_in": gettext_lazy("来站"),
        "paper": gettext_lazy("纸条"),
        "meeting": gettext_lazy("村民说事日"),
    },
    "role": {
        "station_clerk": gettext_lazy("站专干"),
        "institute_clerk": gettext_lazy("所专干"),
        "center_dispatcher": gettext_lazy("中心派单员"),
        "center_head": gettext_lazy("中心负责人"),
        "city_supervisor": gettext_lazy("市级督导"),
        "auditor": gettext_lazy("审计员"),
        "security_admin": gettext_lazy("安全管理员"),
        "system_admin": gettext_lazy("系统管理员"),
    },
    "purpose": {
        "service": gettext_lazy("办理您的点单"),
        "contact": gettext_lazy("接单后把联系方式给服务队"),
        "matching": gettext_lazy("根据技能和距离推荐任务"),
        "publication": gettext_lazy("公开展示姓名或照片"),
        "location": gettext_lazy("签到时核对是否在服务地点"),
        "exchange": gettext_lazy("向全国志愿服务系统报送"),
    },
}


def told(details: dict[str, Any]) -> list[tuple[str, str]]:
    """The details of a line in words; what is empty says nothing."""
    return [
        (str(DETAILS.get(name, name)), _plain(VALUES.get(name, {}).get(str(value), value)))
        for name, value in details.items()
        if value not in (None, "", [], {})
    ]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{name} {_plain(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "、".join(_plain(part) for part in value)
    return str(value)


def words(what: str) -> str:
    """What was done, in the reader's language."""
    if what in VERBS:
        return str(VERBS[what])
    app, _dot, verb = what.partition(".")
    return _("{app}：{verb}").format(app=APPS.get(app, app), verb=verb) if verb else what
