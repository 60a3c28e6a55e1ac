//! The sizes to measure, from the command line.

/// P, N and B from arguments of the form `P,N,B`, or `default` where there are none.
///
/// # Panics
/// If an argument is neither an option nor three numbers.
pub fn sizes(default: &[[usize; 3]]) -> Vec<[usize; 3]> {
    let sizes: Vec<[usize; 3]> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .map(|argument| {
            let numbers: Vec<usize> = argument
                .split(',')
                .map(|number| number.parse().expect("sizes are written P,N,B"))
                .collect();
            numbers.try_into().expect("sizes are written P,N,B")
        })
        .collect();
    if sizes.is_empty() {
        default.to_vec()
    } else {
        sizes
    }
}
