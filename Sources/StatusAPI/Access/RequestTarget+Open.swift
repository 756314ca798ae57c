extension RequestTarget {
  /// Answered to everybody who can connect, since it holds nothing of anybody's: the page where people sign in, what it
  /// is drawn with, and the session itself, which judges its own header.
  var isForEverybody: Bool {
    segments == ["login"] || segments == ["session"] || segments.count == 2 && segments[0] == "assets"
  }
}
