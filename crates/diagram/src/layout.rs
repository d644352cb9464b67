//! Where everything goes: boxes, labels and the course of each arrow. dagre does the layout; nothing is drawn here.
//!
//! dagre cannot lead an edge to a node that has others inside. So every outer state gets a *head* inside it: a node
//! that reserves room for its title and is drawn as the dot where its inner states begin. Arrows to the outer state
//! lead to the head and are cut at the border. Arrows from it begin at a *gate*, an invisible node inside; arrows that
//! lead back to it from states further on end there as well, so that they meet its lower border.

use crate::cost;
use crate::geometry::{Area, Point};
use crate::measure::{DOT, head_size, label_lines, label_size, state_size, title_lines};
use crate::picture::{Arrow, Kind, Picture, Way};
use crate::plan::{PlacedArrow, PlacedState, Plan};
use crate::route;
use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir};

const MARGIN: f64 = 20.0;
type Dagre = Graph<NodeLabel, EdgeLabel>;

/// What dagre can be told either way; neither is better for all pictures.
#[derive(Clone, Copy)]
struct Variant {
    /// Of two orders with as many crossings, keep the first found.
    keep_first: bool,
    /// Hold every gate below its head.
    gates_low: bool,
}

/// Lays the picture out in several ways and takes the best.
pub(crate) fn lay_out(picture: &Picture) -> Plan {
    let gates = (0..picture.states.len())
        .any(|state| picture.states[state].kind.has_inside() && needs_gate(picture, state));
    let variants = [(false, false), (true, false), (false, true), (true, true)].map(
        |(keep_first, gates_low)| Variant {
            keep_first,
            gates_low,
        },
    );
    let rated = variants
        .into_iter()
        .filter(|variant| gates || !variant.gates_low)
        .map(|variant| {
            let plan = attempt(picture, variant);
            (cost::cost(picture, &plan), plan)
        });
    let best = rated.min_by(|(one, _), (other, _)| one.total_cmp(other));
    best.expect("two variants hold for every picture").1
}

fn attempt(picture: &Picture, variant: Variant) -> Plan {
    let mut graph = Graph::with_options(GraphOptions {
        directed: true,
        multigraph: true,
        compound: true,
    });
    add_states(picture, &mut graph);
    add_beginnings(picture, variant, &mut graph);
    add_arrows(picture, &mut graph);
    dagre::layout(
        &mut graph,
        Some(LayoutOptions {
            rankdir: RankDir::TB,
            nodesep: 34.0,
            edgesep: 22.0,
            ranksep: 60.0,
            marginx: MARGIN,
            marginy: MARGIN,
            tie_keep_first: variant.keep_first,
            ..LayoutOptions::default()
        }),
    );
    let mut plan = read_back(picture, &graph);
    route::finish(picture, &mut plan);
    plan
}

fn state_name(state: usize) -> String {
    format!("s{state}")
}

fn head_name(state: usize) -> String {
    format!("h{state}")
}

fn gate_name(state: usize) -> String {
    format!("g{state}")
}

const ENTRY: &str = "entry";

fn sized(width: f64, height: f64) -> NodeLabel {
    NodeLabel {
        width,
        height,
        ..NodeLabel::default()
    }
}

fn add_states(picture: &Picture, graph: &mut Dagre) {
    graph.set_node(ENTRY, Some(sized(DOT * 2.0, DOT * 2.0)));
    for (index, shape) in picture.states.iter().enumerate() {
        let name = state_name(index);
        if shape.kind.has_inside() {
            graph.set_node(name.clone(), Some(NodeLabel::default()));
            let (width, height) = head_size(picture, index);
            graph.set_node(head_name(index), Some(sized(width, height)));
            if needs_gate(picture, index) {
                graph.set_node(gate_name(index), Some(sized(8.0, 8.0)));
            }
        } else {
            let (width, height) = state_size(picture, index);
            graph.set_node(name, Some(sized(width, height)));
        }
    }
    for (index, shape) in picture.states.iter().enumerate() {
        let name = state_name(index);
        if let Some(parent) = shape.parent {
            graph.set_parent(&name, Some(&state_name(parent)));
        }
        if shape.kind.has_inside() {
            graph.set_parent(&head_name(index), Some(&name));
            if needs_gate(picture, index) {
                graph.set_parent(&gate_name(index), Some(&name));
            }
        }
    }
}

fn needs_gate(picture: &Picture, state: usize) -> bool {
    let depths = picture.depths();
    picture.arrows.iter().any(|arrow| {
        arrow.from == state || (arrow.to == state && leads_back(picture, &depths, arrow))
    })
}

/// Whether the arrow leads to an outer state from one further on, outside of it.
fn leads_back(picture: &Picture, depths: &[usize], arrow: &Arrow) -> bool {
    picture.states[arrow.to].kind.has_inside()
        && !picture.contains(arrow.to, arrow.from)
        && depths[arrow.from] > depths[arrow.to]
}

/// What dagre is told of an arrow.
struct Wire {
    from: String,
    to: String,
    name: String,
    /// Laid out against its direction.
    reversed: bool,
}

fn wires(picture: &Picture) -> Vec<Wire> {
    let depths = picture.depths();
    let outgoing = |state: usize| {
        if picture.states[state].kind.has_inside() {
            gate_name(state)
        } else {
            state_name(state)
        }
    };
    picture
        .arrows
        .iter()
        .enumerate()
        .map(|(index, arrow)| {
            let name = format!("a{index}");
            let restarts = arrow.from != arrow.to && picture.contains(arrow.to, arrow.from);
            if restarts {
                // Laid out downward, so that the head stays on top.
                let (from, to) = (incoming(picture, arrow.to), outgoing(arrow.from));
                Wire {
                    from,
                    to,
                    name,
                    reversed: true,
                }
            } else if leads_back(picture, &depths, arrow) {
                Wire {
                    from: gate_name(arrow.to),
                    to: outgoing(arrow.from),
                    name,
                    reversed: true,
                }
            } else {
                Wire {
                    from: outgoing(arrow.from),
                    to: incoming(picture, arrow.to),
                    name,
                    reversed: false,
                }
            }
        })
        .collect()
}

/// From the dot where a case begins, and from every head to where its inside begins.
fn add_beginnings(picture: &Picture, variant: Variant, graph: &mut Dagre) {
    graph.set_edge(
        ENTRY,
        incoming(picture, picture.entry.to),
        Some(bare(4)),
        Some("entry"),
    );
    for (index, shape) in picture.states.iter().enumerate() {
        if !shape.kind.has_inside() {
            continue;
        }
        if variant.gates_low && needs_gate(picture, index) {
            graph.set_edge(
                head_name(index),
                gate_name(index),
                Some(bare(0)),
                Some("through"),
            );
        }
        for inner in picture.inside(Some(index)) {
            let begins_here = match shape.kind {
                Kind::Outer { start } => start == inner,
                Kind::Tracks => true,
                Kind::Plain | Kind::Success | Kind::Failure | Kind::Neutral => false,
            };
            // An inner state that no other one leads to would be placed beside the head, or above it.
            let reached_inside = picture.arrows.iter().any(|arrow| {
                arrow.to == inner
                    && arrow.from != inner
                    && arrow.from != index
                    && picture.contains(index, arrow.from)
            });
            if begins_here || !reached_inside {
                graph.set_edge(
                    head_name(index),
                    incoming(picture, inner),
                    Some(bare(2)),
                    Some(&format!("i{inner}")),
                );
            }
        }
    }
}

fn add_arrows(picture: &Picture, graph: &mut Dagre) {
    for (arrow, wire) in picture.arrows.iter().zip(wires(picture)) {
        let (width, height) = label_size(&label_lines(&arrow.labels));
        let onward =
            arrow.from < arrow.to && arrow.labels.iter().any(|label| label.kind != Way::Timer);
        let weight = if onward { 2 } else { 1 };
        let label = EdgeLabel {
            width,
            height,
            labelpos: LabelPos::Center,
            weight,
            ..EdgeLabel::default()
        };
        graph.set_edge(wire.from, wire.to, Some(label), Some(&wire.name));
    }
}

fn incoming(picture: &Picture, state: usize) -> String {
    if picture.states[state].kind.has_inside() {
        head_name(state)
    } else {
        state_name(state)
    }
}

fn bare(weight: i32) -> EdgeLabel {
    EdgeLabel {
        weight,
        labelpos: LabelPos::Center,
        ..EdgeLabel::default()
    }
}

fn area(graph: &Dagre, name: &str) -> Area {
    graph.node(name).map_or(Area::default(), |node| Area {
        x: node.x.unwrap_or_default(),
        y: node.y.unwrap_or_default(),
        width: node.width,
        height: node.height,
    })
}

fn course(graph: &Dagre, from: &str, to: &str, name: &str) -> Vec<Point> {
    graph
        .edge(from, to, Some(name))
        .map(|edge| {
            edge.points
                .iter()
                .map(|point| Point {
                    x: point.x,
                    y: point.y,
                })
                .collect()
        })
        .unwrap_or_default()
}

fn read_back(picture: &Picture, graph: &Dagre) -> Plan {
    let states: Vec<PlacedState> = picture
        .states
        .iter()
        .enumerate()
        .map(|(index, shape)| PlacedState {
            area: area(graph, &state_name(index)),
            title: title_lines(picture, index),
            reminders: shape.reminders.clone(),
            head: shape
                .kind
                .has_inside()
                .then(|| area(graph, &head_name(index))),
            start: vec![],
        })
        .collect();
    let arrows = picture
        .arrows
        .iter()
        .zip(wires(picture))
        .map(|(arrow, wire)| placed_arrow(graph, arrow, &wire))
        .collect();
    let entry = area(graph, ENTRY);
    let entry_course = course(graph, ENTRY, &incoming(picture, picture.entry.to), "entry");
    Plan {
        width: 0.0,
        height: 0.0,
        states,
        arrows,
        entry: (
            Point {
                x: entry.x,
                y: entry.y,
            },
            entry_course,
        ),
    }
}

fn placed_arrow(graph: &Dagre, arrow: &Arrow, wire: &Wire) -> PlacedArrow {
    let lines = label_lines(&arrow.labels);
    let (width, height) = label_size(&lines);
    let at = graph
        .edge(&wire.from, &wire.to, Some(&wire.name))
        .and_then(|edge| edge.x.zip(edge.y))
        .unwrap_or_default();
    let mut course = course(graph, &wire.from, &wire.to, &wire.name);
    if wire.reversed {
        course.reverse();
    }
    PlacedArrow {
        course,
        label: Area {
            x: at.0,
            y: at.1,
            width,
            height,
        },
        lines,
    }
}
