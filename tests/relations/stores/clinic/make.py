"""A surgery, by a student of PHP: the whole patient copied into each appointment, doctors by id, wards by name."""

from store_files import File, php_pretty
from store_words import Words


def make(w: Words) -> list[File]:
    wards = [
        {"name": name, "floor": floor, "phone": w.phone()}
        for floor, name in enumerate(("Cardiology", "Dermatology", "Paediatrics", "Surgery", "Radiology"), 1)
    ]
    doctors = [
        {
            "doctorId": n,
            "firstName": w.first(),
            "lastName": w.last(),
            "speciality": w.words(1, 2),
            "ward": w.some(wards)["name"],
            "email": w.email(),
            "supervisor": w.number(1, 4) if n > 4 and w.chance(0.8) else None,
        }
        for n in range(1, 23)
    ]
    patients = [
        {
            "patientId": n,
            "firstName": w.first(),
            "lastName": w.last(),
            "dateOfBirth": w.birthday(1935, 2020).isoformat(),
            "phone": w.phone(),
            "insuranceNo": f"{w.number(10**8, 10**9 - 1)}",
            "familyDoctor": w.number(1, 22) if w.chance(0.9) else None,
        }
        for n in range(1, 91)
    ]
    kept = ("patientId", "firstName", "lastName", "phone")
    appointments = []
    for number in range(1, 161):
        patient = w.some(patients)
        appointments.append(
            {
                "appointmentId": number,
                "patient": {
                    name: patient[name] if name != "firstName" or w.chance(0.95) else w.first() for name in kept
                },
                "doctorId": w.number(1, 22),
                "date": w.iso_day(),
                "time": f"{w.number(8, 17):02d}:{w.some(['00', '15', '30', '45'])}",
                "minutes": w.some([15, 30, 45]),
                "reason": w.maybe(w.sentence(), 0.9, ""),
                "cancelled": w.chance(0.1),
            }
        )
    prescriptions = [
        {
            "prescriptionId": n,
            "appointmentId": w.number(1, 160),
            "prescribedBy": w.number(1, 22),
            "drugs": [
                {"name": w.words(1, 1), "dose": f"{w.some([5, 10, 50])} mg", "days": w.number(3, 30)}
                for _ in range(w.number(1, 3))
            ],
            "issued": w.iso_day(),
        }
        for n in range(1, 81)
    ]
    prescriptions[44]["appointmentId"] = 9999
    return [
        php_pretty("wards.json", {"wards": wards}),
        php_pretty("doctors.json", {"doctors": doctors}),
        php_pretty("patients.json", {"patients": patients}),
        php_pretty("appointments.json", {"appointments": appointments}),
        php_pretty("prescriptions.json", {"prescriptions": prescriptions}),
    ]
