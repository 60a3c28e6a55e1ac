//! Labels in TeX: Greek letters and signs in mathematics, scripts lowered and raised.

use std::fmt::Write;

use crate::error::PlotError;
use crate::figure::{Node, parse};

/// Signs that pdflatex has under other names, all for its mathematics.
const SIGNS: &[(char, &str)] = &[
    ('α', "\\alpha"),
    ('β', "\\beta"),
    ('γ', "\\gamma"),
    ('δ', "\\delta"),
    ('ε', "\\varepsilon"),
    ('ζ', "\\zeta"),
    ('η', "\\eta"),
    ('θ', "\\theta"),
    ('κ', "\\kappa"),
    ('λ', "\\lambda"),
    ('μ', "\\mu"),
    ('ν', "\\nu"),
    ('ξ', "\\xi"),
    ('π', "\\pi"),
    ('ρ', "\\rho"),
    ('σ', "\\sigma"),
    ('τ', "\\tau"),
    ('φ', "\\varphi"),
    ('χ', "\\chi"),
    ('ψ', "\\psi"),
    ('ω', "\\omega"),
    ('Γ', "\\Gamma"),
    ('Δ', "\\Delta"),
    ('Θ', "\\Theta"),
    ('Λ', "\\Lambda"),
    ('Ξ', "\\Xi"),
    ('Σ', "\\Sigma"),
    ('Φ', "\\Phi"),
    ('Ψ', "\\Psi"),
    ('Ω', "\\Omega"),
    ('ℓ', "\\ell"),
    ('∞', "\\infty"),
    ('√', "\\surd"),
    ('±', "\\pm"),
    ('×', "\\times"),
    ('·', "\\cdot"),
    ('⋅', "\\cdot"),
    ('−', "-"),
    ('∗', "*"),
    ('≤', "\\le"),
    ('≥', "\\ge"),
    ('≠', "\\ne"),
    ('≈', "\\approx"),
    ('≪', "\\ll"),
    ('≫', "\\gg"),
    ('∝', "\\propto"),
    ('∼', "\\sim"),
    ('∈', "\\in"),
    ('∇', "\\nabla"),
    ('∂', "\\partial"),
    ('∑', "\\textstyle\\sum"),
    ('→', "\\to"),
    ('←', "\\leftarrow"),
    ('⟨', "\\langle"),
    ('⟩', "\\rangle"),
    ('‖', "\\|"),
    ('°', "^\\circ"),
    ('′', "'"),
    ('½', "\\frac12"),
    ('¼', "\\frac14"),
    ('¾', "\\frac34"),
    ('⅛', "\\frac18"),
    ('⁰', "^0"),
    ('¹', "^1"),
    ('²', "^2"),
    ('³', "^3"),
    ('⁴', "^4"),
    ('⁵', "^5"),
    ('⁶', "^6"),
    ('⁷', "^7"),
    ('⁸', "^8"),
    ('⁹', "^9"),
    ('⁺', "^+"),
    ('⁻', "^-"),
    ('₀', "_0"),
    ('₁', "_1"),
    ('₂', "_2"),
    ('₃', "_3"),
];

/// Signs of text, and those that TeX takes for its own.
const TEXT: &[(char, &str)] = &[
    ('–', "--"),
    ('—', "---"),
    ('…', "\\ldots{}"),
    ('’', "'"),
    ('‘', "`"),
    ('“', "``"),
    ('”', "''"),
    ('é', "\\'e"),
    ('ö', "\\\"o"),
    ('ü', "\\\"u"),
    ('ä', "\\\"a"),
    ('\u{a0}', "~"),
    ('\u{2009}', "\\,"),
    ('\\', "\\textbackslash{}"),
    ('{', "\\{"),
    ('}', "\\}"),
    ('$', "\\$"),
    ('&', "\\&"),
    ('#', "\\#"),
    ('%', "\\%"),
    ('_', "\\_"),
    ('^', "\\textasciicircum{}"),
    ('~', "\\textasciitilde{}"),
    ('\n', "\\\\"),
];

/// A label as text of TeX; in braces, so that commas and brackets may stand in it.
pub(super) fn label(text: &str) -> Result<String, PlotError> {
    Ok(format!("{{{}}}", nodes(text, &parse(text)?)?))
}

fn nodes(whole: &str, nodes: &[Node]) -> Result<String, PlotError> {
    let mut tex = String::new();
    for node in nodes {
        match node {
            Node::Text(text) => tex.push_str(&plain(whole, text)?),
            Node::Subscript(inner) => tex.push_str(&script(whole, '_', inner)?),
            Node::Superscript(inner) => tex.push_str(&script(whole, '^', inner)?),
        }
    }
    // one formula where formulas meet, so that a subscript belongs to what stands before it
    Ok(tex.replace("$$", ""))
}

fn script(whole: &str, sign: char, inner: &[Node]) -> Result<String, PlotError> {
    Ok(format!("${sign}{{\\text{{{}}}}}$", nodes(whole, inner)?))
}

fn plain(whole: &str, text: &str) -> Result<String, PlotError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tex = String::new();
    for (place, &character) in characters.iter().enumerate() {
        let is_letter = |place: Option<usize>| {
            let neighbour = place.and_then(|place| characters.get(place));
            neighbour.is_some_and(|neighbour| neighbour.is_alphabetic() && neighbour.is_ascii())
        };
        let find = |signs: &[(char, &'static str)]| {
            let known = signs.iter().find(|(sign, _)| *sign == character);
            known.map(|(_, tex)| *tex)
        };
        let is_alone = !is_letter(place.checked_sub(1)) && !is_letter(Some(place + 1));
        if let Some(sign) = find(SIGNS) {
            let _ = write!(tex, "${sign} $");
        } else if let Some(sign) = find(TEXT) {
            tex.push_str(sign);
        } else if character.is_ascii_alphabetic()
            && is_alone
            && !['a', 'A', 'I'].contains(&character)
        {
            // a letter by itself is the name of a quantity
            let _ = write!(tex, "${character}$");
        } else if character.is_ascii() {
            tex.push(character);
        } else {
            return Err(PlotError::NotInTex {
                text: whole.to_owned(),
                character,
            });
        }
    }
    Ok(tex)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn labels_become_formulas_where_they_are_some() {
        for (text, tex) in [
            ("α_{c}^{lb}", "{$\\alpha _{\\text{$c$}}^{\\text{lb}}$}"),
            (
                "N = 40, a 95 % run_1",
                "{$N$ = 40, a 95 \\% run$_{\\text{1}}$}",
            ),
            ("λ − 2²", "{$\\lambda $ $- $ 2$^2 $}"),
            ("50\\_60 & 7", "{50\\_60 \\& 7}"),
        ] {
            assert_eq!(label(text).unwrap(), tex);
        }
    }

    #[test]
    fn a_sign_that_tex_has_not_is_named() {
        let error = label("漢").unwrap_err().to_string();
        assert!(error.contains('漢') && error.contains("svg"), "{error}");
    }
}
