use dam_statistics::mean_interval;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Student's interval holds the mean of 4 or 40 normal values in 95 %, and of 40 exponential ones,
/// whose skewness of 2 Hall's correction takes, in 93 % or more on both sides alike.
#[test]
fn intervals_of_means_hold_the_mean_of_normal_and_of_skewed_values() {
    let runs = 4000_usize;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    for (samples, is_skewed, least) in [(4, false, 0.94), (40, false, 0.94), (40, true, 0.93)] {
        let (mut below, mut above) = (0, 0);
        for _ in 0..runs {
            let mut value = || -> f64 {
                if is_skewed {
                    Exp1.sample(&mut rng)
                } else {
                    1.0 + rng.sample::<f64, _>(StandardNormal)
                }
            };
            let values: Vec<f64> = (0..samples).map(|_| value()).collect();
            let interval = mean_interval(&values, 0.95).unwrap();
            below += usize::from(interval.high < 1.0);
            above += usize::from(interval.low > 1.0);
        }
        let [below, above] = [below, above].map(|missed| missed as f64 / runs as f64);
        let coverage = 1.0 - below - above;
        assert!((least..0.965).contains(&coverage), "{samples}: {coverage}");
        assert!((below - above).abs() < 0.03, "{samples}: {below} {above}");
    }
    assert!(mean_interval(&[1.0], 0.95).is_err());
    assert!(mean_interval(&[1.0, f64::INFINITY], 0.95).is_err());
    let equal = mean_interval(&[0.3; 9], 0.95).unwrap();
    assert!((equal.low - 0.3).abs() < 1e-15 && (equal.high - 0.3).abs() < 1e-15);
}
