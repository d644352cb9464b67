//! Points, rectangles and courses. Knows nothing of states.

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    pub y: f64,
}

/// A rectangle by its middle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub fn left(&self) -> f64 {
        self.x - self.width / 2.0
    }
    pub fn right(&self) -> f64 {
        self.x + self.width / 2.0
    }
    pub fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }
    pub fn bottom(&self) -> f64 {
        self.y + self.height / 2.0
    }
    #[cfg(test)]
    pub fn holds(&self, point: Point) -> bool {
        (self.left()..=self.right()).contains(&point.x)
            && (self.top()..=self.bottom()).contains(&point.y)
    }
    #[cfg(test)]
    pub fn overlaps(&self, other: &Area) -> bool {
        self.left() < other.right()
            && other.left() < self.right()
            && self.top() < other.bottom()
            && other.top() < self.bottom()
    }
}

/// Points along the course, two pixels apart.
#[cfg(test)]
pub(crate) fn samples(course: &[Point]) -> Vec<Point> {
    let mut points = vec![];
    for pair in course.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let steps = ((from.x - to.x).hypot(from.y - to.y) / 2.0).ceil();
        let mut step = 0.0;
        while step <= steps {
            let share = if steps > 0.0 { step / steps } else { 0.0 };
            points.push(Point {
                x: from.x + (to.x - from.x) * share,
                y: from.y + (to.y - from.y) * share,
            });
            step += 1.0;
        }
    }
    points
}
