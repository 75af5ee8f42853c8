"""Notification. Owns: messages to patients with their way, how patients are reached, and tasks for staff.
Tells: MessageDelivered, MessageFailed, TaskRaised, TaskResolved.
Hears: orders despatched, delayed and substituted, renewals due, patients, and every service's tasks.
"""
