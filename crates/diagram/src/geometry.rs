//! Points, rectangles and the curves between points. Knows nothing of states.

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
    pub fn holds(&self, point: Point) -> bool {
        (self.left()..=self.right()).contains(&point.x)
            && (self.top()..=self.bottom()).contains(&point.y)
    }
    pub fn overlaps(&self, other: &Area) -> bool {
        self.left() < other.right()
            && other.left() < self.right()
            && self.top() < other.bottom()
            && other.top() < self.bottom()
    }
}

/// Points along the course as it is drawn.
pub(crate) fn samples(course: &[Point]) -> Vec<Point> {
    let mut points = vec![];
    for pair in course.windows(2) {
        for step in 0..=20u8 {
            let t = f64::from(step) / 20.0;
            let u = 1.0 - t;
            let middle = f64::midpoint(pair[0].y, pair[1].y);
            let at = |a: f64, b: f64, c: f64, d: f64| {
                u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
            };
            points.push(Point {
                x: at(pair[0].x, pair[0].x, pair[1].x, pair[1].x),
                y: at(pair[0].y, middle, middle, pair[1].y),
            });
        }
    }
    points
}
