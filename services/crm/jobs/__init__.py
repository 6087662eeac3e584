"""What happens because time has passed: nothing in crm."""
