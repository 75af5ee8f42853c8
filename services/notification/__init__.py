"""Notification. Owns: messages to patients with their attempts, and the list of tasks for staff.
Tells: MessageDelivered, MessageFailed, TaskRaised.
Hears: OrderDespatched, TaskRaised, TaskResolved.
"""
