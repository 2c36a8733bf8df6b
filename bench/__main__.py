import sys
from pathlib import Path
sys.path.append(str(Path(__file__).resolve().parents[1] / "dev"))
import database
print(database.build(database.Size(20000,100000,20000)))
