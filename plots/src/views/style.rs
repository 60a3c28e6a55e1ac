//! Colours, dashes and markers of series and parts.

use dam_runs::view;

use crate::figure::{Color, Dash, Marker, OKABE_ITO, Stroke};

/// Colour, dash and marker of a series by its number: a second round of the colours has other markers and dashes.
pub(super) fn style(place: usize) -> (Color, Dash, Marker) {
    let round = place / OKABE_ITO.len();
    (
        OKABE_ITO[place % OKABE_ITO.len()],
        Dash::ALL[round % Dash::ALL.len()],
        Marker::ALL[(place + 2 * round) % Marker::ALL.len()],
    )
}

/// The numbers of a series: of its first key, for colours, and of its last one, for markers and dashes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Numbers {
    pub(super) fn color(self, tint: view::Tint) -> Color {
        match tint {
            view::Tint::Series => OKABE_ITO[self.first % OKABE_ITO.len()],
            view::Tint::Palette(index) => OKABE_ITO[index % OKABE_ITO.len()],
            view::Tint::Grey => Color::GREY,
        }
    }

    pub(super) fn marker(self, fixed: Option<usize>) -> Marker {
        match fixed {
            Some(index) => Marker::ALL[index % Marker::ALL.len()],
            None => style(self.last).2,
        }
    }

    pub(super) fn stroke(self, look: view::Look) -> Stroke {
        Stroke::new(self.color(look.tint), self.dash(look.stroke)).with_width(look.width)
    }

    fn dash(self, stroke: view::Stroke) -> Dash {
        match stroke {
            view::Stroke::Solid => Dash::Solid,
            view::Stroke::Dashed => Dash::Dashed,
            view::Stroke::Dotted => Dash::Dotted,
            view::Stroke::DashDot => Dash::DashDot,
            view::Stroke::Series => Dash::ALL[self.last % Dash::ALL.len()],
            view::Stroke::Round => style(self.last).1,
            view::Stroke::Interrupted => Dash::ALL[1 + self.last % (Dash::ALL.len() - 1)],
        }
    }

    /// The line that stands in the legend for those of all series.
    pub(super) fn of_all(look: view::Look) -> Stroke {
        let first = Self { first: 0, last: 0 };
        first.stroke(view::Look {
            tint: view::Tint::Grey,
            ..look
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn twenty_models_look_different() {
        let styles: HashSet<_> = (0..20).map(style).collect();
        assert_eq!(styles.len(), 20);
    }
}
