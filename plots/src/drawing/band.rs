//! A drawing in horizontal bands, so that a fine bitmap need not lie in memory as a whole.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// The part of a drawing from row `top` on that fits `backend`; what lies outside is left out.
pub(crate) struct Band<Backend> {
    backend: Backend,
    top: i32,
}

type Outcome<Backend> = Result<(), DrawingErrorKind<<Backend as DrawingBackend>::ErrorType>>;

impl<Backend: DrawingBackend> Band<Backend> {
    pub(crate) fn new(backend: Backend, top: i32) -> Self {
        Self { backend, top }
    }

    fn within(&self, (x, y): BackendCoord) -> BackendCoord {
        (x, y - self.top)
    }
}

impl<Backend: DrawingBackend> DrawingBackend for Band<Backend> {
    type ErrorType = Backend::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.backend.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome<Backend> {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Outcome<Backend> {
        self.backend.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome<Backend> {
        self.backend.draw_pixel(self.within(point), color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Outcome<Backend> {
        let (from, to) = (self.within(from), self.within(to));
        self.backend.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome<Backend> {
        let (first, last) = (self.within(upper_left), self.within(bottom_right));
        self.backend.draw_rect(first, last, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome<Backend> {
        let path: Vec<_> = path.into_iter().map(|point| self.within(point)).collect();
        self.backend.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Outcome<Backend> {
        let center = self.within(center);
        self.backend.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Outcome<Backend> {
        let corners: Vec<_> = corners
            .into_iter()
            .map(|point| self.within(point))
            .collect();
        self.backend.fill_polygon(corners, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        position: BackendCoord,
    ) -> Outcome<Backend> {
        let position = self.within(position);
        self.backend.draw_text(text, style, position)
    }
}
