/// A clock whose instants are ``Timestamp``s.
///
/// The same-type constraint lets `any WallClock` be used as it is. Only the executable's system clock asks the
/// operating system; tests move a clock of their own.
package protocol WallClock: Clock<Duration> where Instant == Timestamp {}
