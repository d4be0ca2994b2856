import ModelFiles
import Testing
