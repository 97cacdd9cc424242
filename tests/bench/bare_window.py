"""The peer of the start benchmarks: the smallest PySide6 window, shown until it is killed."""

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

application = QApplication(["bare"])
window = QMainWindow()
window.setWindowTitle("bare window")
window.setCentralWidget(QLabel("收银 ready"))
window.resize(1024, 768)
window.show()
application.exec()
