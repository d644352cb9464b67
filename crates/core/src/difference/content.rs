//! The workflow's head, forms, materials, rules, limits, links, child cases and tables as they are compared.

use serde_json::Value as Json;

use crate::{
    name::Name,
    text::Text,
    workflow::{
        Amount, Cell, Children, Field, FieldKind, Form, FormSchema, Hit, Limit, Link, Material,
        Per, Place, Table, While, Window, Within, Workflow,
    },
};

use super::{
    thing::{Thing, ThingKind},
    words,
};

/// What stands at the top of the file.
pub(super) fn head(workflow: &Workflow) -> Thing {
    let called = Text::new("the workflow", "流程");
    let thing = Thing {
        written: "workflow".to_owned(),
        ..Thing::new(ThingKind::Workflow, "", called)
    };
    thing
        .is(("its title", "标题"), words::quoted(&workflow.title))
        .may(
            ("what it is for", "用途"),
            workflow.about.as_ref().map(words::quoted),
        )
        .is(
            ("how cases are numbered", "编号规则"),
            words::code(&workflow.number.format(2026, 1)),
        )
        .may(
            ("what a case is called", "申请名称"),
            workflow.case_title.as_ref().map(words::expression),
        )
        .may(
            ("whose case it is", "所属合作伙伴"),
            workflow.partner.as_ref().map(words::expression),
        )
        .is(
            ("its time zone", "时区"),
            Text::same(workflow.surroundings.zone.name()),
        )
}

/// The place in the newer version of what is called so in the older one: the same, or what `migrate` says, if nothing was
/// called so before.
pub(super) fn called_now(older: &Workflow, newer: &Workflow, place: &Place) -> Place {
    let has = |workflow: &Workflow, place: &Place| match place {
        Place::Whole(name) => workflow.title_of(name).is_some(),
        Place::Field(form, field) => {
            let form = workflow.forms.get(form);
            form.is_some_and(|form| form.fields.contains_key(field))
        }
    };
    let how = newer.migrate.get(&older.version);
    let whole = |form: &Name| match how?.data.get(&Place::Whole(form.clone()))? {
        Place::Whole(form) => Some(form.clone()),
        Place::Field(..) => None,
    };
    let named = how.and_then(|how| how.data.get(place)).cloned();
    let named = named.or_else(|| match place {
        Place::Field(form, field) => Some(Place::Field(whole(form)?, field.clone())),
        Place::Whole(_) => None,
    });
    let is_renamed = |now: &Place| !has(newer, place) && has(newer, now) && !has(older, now);
    named.filter(is_renamed).unwrap_or_else(|| place.clone())
}

/// Everything that can be filled in, uploaded, asked about or picked.
pub(super) fn gather(
    workflow: &Workflow,
    called: &dyn Fn(&Place) -> Place,
    things: &mut Vec<Thing>,
) {
    for form in workflow.forms.values() {
        forms(workflow, form, called, things);
    }
    things.extend(workflow.materials.values().map(|one| {
        let now = called(&Place::Whole(one.name.clone()));
        Thing {
            place: format!("materials.{now}"),
            ..material(one)
        }
    }));
    things.extend(workflow.rules.values().map(|rule| {
        let called = words::prefixed("the rule ", "规则", &words::code(&rule.name));
        Thing::new(ThingKind::Rule, format!("rules.{}", rule.name), called)
            .is(("what it asks", "条件"), words::expression(&rule.check))
            .is(("what it tells", "提示"), words::template(&rule.otherwise))
            .may(
                ("where it points", "指向"),
                rule.at.as_ref().map(|at| place(workflow, at)),
            )
    }));
    things.extend(workflow.limits.values().map(|one| limit(workflow, one)));
    things.extend(workflow.links.values().map(link));
    things.extend(workflow.children.values().map(children));
    for table in workflow.tables.values() {
        tables(table, things);
    }
}

fn forms(workflow: &Workflow, form: &Form, now: &dyn Fn(&Place) -> Place, things: &mut Vec<Thing>) {
    let title = words::quoted(&form.title);
    let at = format!("forms.{}", form.name);
    let called = words::prefixed("the form ", "表单", &title);
    let fields = form
        .fields
        .values()
        .map(|field| words::quoted(&field.title));
    let each = form.each_reviewer;
    let beside = match &form.schema {
        FormSchema::Beside(json) if json.is_null() => String::new(),
        FormSchema::Beside(json) => json.to_string(),
        FormSchema::Plain(_) => "plain".to_owned(),
    };
    // The fields of a form that stays are told one by one.
    let thing = Thing::new(ThingKind::Form, at.clone(), called)
        .also(("its title", "标题"), title.clone())
        .may(
            ("who fills it in", "填写方式"),
            each.then(|| Text::new("each reviewer a copy", "每位评审人各填一份")),
        )
        .long(
            ("what its fields ask of each other", "字段之间的要求"),
            beside,
        )
        .only_new(("its fields", "字段"), fields.collect());
    let whole = now(&Place::Whole(form.name.clone()));
    things.push(Thing {
        place: format!("forms.{whole}"),
        ..thing
    });
    for field in form.fields.values() {
        let called = words::quoted(&field.title);
        let called = Text::new(
            format!("the field {} of {}", called.en, title.en),
            format!("{}的字段{}", title.zh, called.zh),
        );
        let thing = Thing::new(
            ThingKind::Field,
            format!("{at}.fields.{}", field.name),
            called,
        );
        let mut thing = field_traits(workflow, thing, field);
        if let Place::Field(form, field) = now(&Place::Field(form.name.clone(), field.name.clone()))
        {
            thing.place = format!("forms.{form}.fields.{field}");
        }
        things.push(thing);
    }
}

fn field_traits(workflow: &Workflow, thing: Thing, field: &Field) -> Thing {
    let private = field.private.as_ref();
    let frozen = field.frozen_after;
    let mut thing = thing
        .also(
            ("its name in the file", "文件中的名称"),
            words::code(&field.name),
        )
        .also(("its title", "标题"), words::quoted(&field.title))
        .is(("what it holds", "内容类型"), kind(&field.kind))
        .is(
            ("whether it must be filled in", "是否必填"),
            words::yes(field.required),
        );
    if let Json::Object(keywords) = &field.schema {
        for (keyword, value) in keywords {
            // These are told in words already.
            if matches!(keyword.as_str(), "type" | "pick" | "enum" | "items") {
                continue;
            }
            let label = format!("`{keyword}`");
            thing = thing.is((&label, &label), words::code(&value.to_string()));
        }
    }
    let description = field.description.as_ref();
    thing
        .may(("its description", "说明"), description.map(words::quoted))
        .all(
            ("who alone sees it", "仅可见者"),
            private.map_or_else(Vec::new, |roles| words::roles(workflow, roles, false)),
        )
        .may(
            ("what it is reckoned from", "计算公式"),
            field.derived.as_ref().map(words::expression),
        )
        .may(
            ("when it can be changed no more", "冻结于"),
            frozen.map(|id| words::state(workflow, id)),
        )
}

fn kind(kind: &FieldKind) -> Text {
    match kind {
        FieldKind::String => Text::new("a line of text", "单行文本"),
        FieldKind::LongText => Text::new("text", "多行文本"),
        FieldKind::Integer => Text::new("a whole number", "整数"),
        FieldKind::Number => Text::new("a number", "数字"),
        FieldKind::Boolean => Text::new("yes or no", "是或否"),
        FieldKind::Date => Text::new("a date", "日期"),
        FieldKind::DateTime => Text::new("a date and time", "日期时间"),
        FieldKind::Money => Text::new("an amount of money", "金额"),
        FieldKind::Enum(choices) => {
            let choices: Vec<Text> = choices.iter().map(|choice| words::code(choice)).collect();
            words::prefixed("one of ", "以下之一：", &words::listed(&choices))
        }
        FieldKind::Pick { list } => {
            words::prefixed("an entry of ", "列表条目：", &words::code(list))
        }
        FieldKind::Person { group: None } => Text::new("a person", "人员"),
        FieldKind::Person { group: Some(group) } => words::prefixed(
            "a person of the group ",
            "组成员：",
            &words::code(group.as_str()),
        ),
        FieldKind::List { items, .. } => {
            words::prefixed("a list, each ", "列表，每项为", &self::kind(items))
        }
        FieldKind::Object(fields) => {
            let names: Vec<Text> = fields.keys().map(|name| words::code(name)).collect();
            words::prefixed("a record of ", "记录：", &words::listed(&names))
        }
    }
}

fn material(material: &Material) -> Thing {
    let called = words::prefixed("the material ", "材料", &words::quoted(&material.title));
    let accept = material.accept.iter().map(|kind| words::code(kind));
    let count = Text::same(&format!("{}–{}", material.least, material.most));
    let template = material.template.as_ref();
    Thing::new(
        ThingKind::Material,
        format!("materials.{}", material.name),
        called,
    )
    .also(("its title", "标题"), words::quoted(&material.title))
    .all(("the kinds of file", "文件类型"), accept.collect())
    .is(
        ("the largest size in bytes", "大小上限（字节）"),
        Text::same(&material.max_bytes.to_string()),
    )
    .is(("how many files", "文件数量"), count)
    .may(
        ("its template", "模板"),
        template.map(|path| words::code(path)),
    )
}

fn place(workflow: &Workflow, at: &Place) -> Text {
    match at {
        Place::Whole(name) => workflow
            .title_of(name)
            .map_or_else(|| words::code(name), words::quoted),
        Place::Field(form, field) => words::field(workflow, form, field),
    }
}

fn amount(amount: &Amount) -> Text {
    match amount {
        Amount::Fixed(number) => Text::same(&number.to_string()),
        Amount::Reckoned(expression) => words::expression(expression),
    }
}

fn limit(workflow: &Workflow, limit: &Limit) -> Thing {
    let per = match &limit.per {
        Per::Actor => Text::new("who acts", "操作人"),
        Per::Starter => Text::new("who opened the case", "发起人"),
        Per::Partner => Text::new("the partner", "合作伙伴"),
        Per::Key(key) => words::expression(key),
    };
    let window = match &limit.window {
        Window::Within(Within::Rolling(length)) => words::prefixed(
            "the times within ",
            "次数，时间窗口 ",
            &words::length(length),
        ),
        Window::Within(Within::Calendar(period)) => words::prefixed(
            "the times within the calendar ",
            "次数，自然周期 ",
            &words::code(&period.to_string()),
        ),
        Window::While(While::Open) => Text::new("the cases that have not ended", "未结束的申请"),
        Window::While(While::Ever) => Text::new("all cases", "全部申请"),
        Window::While(While::States(states)) => {
            let states = words::listed(&words::states(workflow, states));
            words::prefixed("the cases in ", "处于以下状态的申请：", &states)
        }
    };
    let called = words::prefixed("the limit ", "限额", &words::code(&limit.name));
    let otherwise = limit.otherwise.as_ref();
    Thing::new(ThingKind::Limit, format!("limits.{}", limit.name), called)
        .is(("how many", "数量"), amount(&limit.count))
        .is(("for each", "计数对象"), per)
        .is(("what it counts", "计数范围"), window)
        .also(("how much each adds", "每次计入"), amount(&limit.adds))
        .may(
            ("what counts once", "合并计数依据"),
            limit.counting.as_ref().map(words::expression),
        )
        .also(
            (
                "whether partners are counted apart",
                "是否按合作伙伴分别计数",
            ),
            words::yes(limit.same_partner),
        )
        .may(("what it tells", "提示"), otherwise.map(words::template))
}

fn link(link: &Link) -> Thing {
    let matches = link.matches.iter().map(|one| {
        let field: Vec<&str> = one.field.iter().map(|name| &**name).collect();
        let (en, zh) = if one.several {
            (" contains ", " 包含 ")
        } else {
            (" is ", " 为 ")
        };
        words::joined(
            &words::code(&field.join(".")),
            en,
            zh,
            &words::expression(&one.value),
        )
    });
    let called = words::prefixed("the link ", "关联申请", &words::quoted(&link.title));
    let states = link.states.iter().map(|state| words::code(state.as_str()));
    Thing::new(ThingKind::Link, format!("links.{}", link.name), called)
        .also(("its title", "标题"), words::quoted(&link.title))
        .is(("to what", "关联流程"), words::code(&link.workflow))
        .all(("in which states", "所需状态"), states.collect())
        .all(("what must be alike", "匹配条件"), matches.collect())
        .also(
            ("whether it is of the same partner", "是否同一合作伙伴"),
            words::yes(link.same_partner),
        )
        .also(
            ("whether it may be missing", "是否可缺省"),
            words::yes(link.optional),
        )
        .may(
            ("how many at most", "数量上限"),
            link.many.map(words::number),
        )
}

fn children(children: &Children) -> Thing {
    let called = words::prefixed(
        "the child cases ",
        "子申请",
        &words::quoted(&children.title),
    );
    let each = children.each.as_ref();
    let with = children.with.iter().map(|with| {
        let place = words::code(&format!("{}.{}", with.form, with.field));
        words::joined(&place, " is ", " 为 ", &words::expression(&with.value))
    });
    Thing::new(
        ThingKind::Children,
        format!("children.{}", children.name),
        called,
    )
    .also(("their title", "标题"), words::quoted(&children.title))
    .is(
        ("their workflow", "所属流程"),
        words::code(&children.workflow),
    )
    .may(
        ("one for each", "逐项发起"),
        each.map(|each| words::expression(&each.list)),
    )
    .may(
        ("what tells them apart", "区分依据"),
        each.map(|each| words::expression(&each.key)),
    )
    .all(("what they begin with", "初始内容"), with.collect())
    .also(
        ("whether they outlive the case", "是否在本申请结束后继续"),
        words::yes(children.keep),
    )
}

fn tables(table: &Table, things: &mut Vec<Thing>) {
    let at = format!("tables.{}", table.name);
    let hit = match table.hit {
        Hit::Unique => Text::new("the only row that matches", "唯一匹配的行"),
        Hit::First => Text::new("the first row that matches", "第一个匹配的行"),
        Hit::Collect => Text::new("all rows that match", "所有匹配的行"),
    };
    let inputs = table.inputs.iter().map(|(name, input)| {
        words::joined(
            &words::code(name),
            " is ",
            " 为 ",
            &words::expression(input),
        )
    });
    let named = words::code(&table.name);
    let called = words::prefixed("the table ", "决策表", &named);
    things.push(
        Thing::new(ThingKind::Table, at.clone(), called)
            .all(("what it asks about", "输入"), inputs.collect())
            .is(("which row counts", "取值方式"), hit),
    );
    for (name, row) in &table.rows {
        let row_name = words::code(name);
        let called = Text::new(
            format!("the row {} of the table {}", row_name.en, named.en),
            format!("决策表{}的行{}", named.zh, row_name.zh),
        );
        let when = row.when.iter().map(|(input, cell)| {
            let source = cell.expression().source().trim();
            match cell {
                Cell::Condition(_) => words::code(source),
                Cell::Equals(_) | Cell::Among(_) => {
                    words::joined(&words::code(input), " is ", " 为 ", &words::code(source))
                }
            }
        });
        let when: Vec<Text> = when.collect();
        let when = if when.is_empty() {
            Text::new("always", "总是")
        } else {
            words::listed(&when)
        };
        things.push(
            Thing::new(ThingKind::Row, format!("{at}.rows.{name}"), called)
                .is(("when it matches", "匹配条件"), when)
                .is(("what it says", "结果"), words::expression(&row.then)),
        );
    }
}
