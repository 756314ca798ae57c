/// What readers may see by what is in git.
package protocol ReaderSource: Sendable {
}
