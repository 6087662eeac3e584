from services.sales.tests.builders import Desk, Others

def test_all(desk: Desk):
    order = desk.order()
    others = Others(desk, order)
    others.play("reserved","granted","shipped","invoiced","paid","completed")
    print(desk.story(order))
    r = desk.nancy.get(f"/api/v1/orders/{order.id}")
    print(r.json)
    r = desk.nancy.get(f"/api/v1/quotations/{order.quotation_id}")
    print(r.json)
    r = desk.nancy.get("/api/v1/order-revenue"); print(r.json)
    r = desk.nancy.get(f"/api/v1/customers/{order.customer_id}/sales-summary"); print(r.json)
    assert 0
