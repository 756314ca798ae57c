#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The C library's functions under names of their own: PromQL's functions take theirs.
extension Double {
  var exponential: Double { exp(self) }
  var naturalLogarithm: Double { log(self) }
  var binaryLogarithm: Double { log2(self) }
  var decimalLogarithm: Double { log10(self) }
  var sine: Double { sin(self) }
  var cosine: Double { cos(self) }
  var tangent: Double { tan(self) }
  var arcSine: Double { asin(self) }
  var arcCosine: Double { acos(self) }
  var arcTangent: Double { atan(self) }
  var hyperbolicSine: Double { sinh(self) }
  var hyperbolicCosine: Double { cosh(self) }
  var hyperbolicTangent: Double { tanh(self) }
  var areaSine: Double { asinh(self) }
  var areaCosine: Double { acosh(self) }
  var areaTangent: Double { atanh(self) }

  /// This number to the power of `exponent` (Go's `math.Pow`, which is C's).
  func raised(to exponent: Double) -> Double { pow(self, exponent) }

  /// The angle of the point at `x` and this height.
  func arcTangent(over x: Double) -> Double { atan2(self, x) }

  /// What is left of dividing by `divisor`, with this number's sign (Go's `math.Mod`, which is C's `fmod`).
  func leftover(dividingBy divisor: Double) -> Double { fmod(self, divisor) }
}
