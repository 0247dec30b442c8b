<?php
/**
 * Checks the settings of another plugin's form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Finds what would stop the sign-ups of a form of another plugin, before a visitor does.
 */
final class Plugin_Form_Check {

	/**
	 * What the site's owner should fix; nothing while the form is not connected.
	 *
	 * @param Plugin_Form               $form     The form.
	 * @param Form_Settings             $settings Its settings.
	 * @param array<string,string>|null $lists    Names of the gateway's lists by id; null when they are not known.
	 * @return string[] Sentences.
	 */
	public static function warnings( Plugin_Form $form, Form_Settings $settings, ?array $lists ): array {
		$warnings = array();
		foreach ( $settings->enabled && ! $settings->transactional ? $settings->subscriptions : array() as $subscription ) {
			$warnings = array_merge(
				$warnings,
				Form_Check::choice_warnings( $subscription, $form->ids(), $lists ),
				self::consent_warnings( $form, $subscription->consent )
			);
		}
		return array_values( array_unique( $warnings ) );
	}

	private static function consent_warnings( Plugin_Form $form, string $consent ): array {
		if ( Subscription::SENDING === $consent ) {
			return $form->is_for_newsletter_only() ? array() : array(
				__(
					'People may send this form for another reason than the newsletter, so sending it is no consent: choose a box.',
					'gateway-connector'
				),
			);
		}
		$box      = $form->field( $consent );
		$warnings = array();
		if ( $box && $box->ticked_in_advance ) {
			$warnings[] = Form_Check::ticked_in_advance( $box->label );
		}
		if ( $box && '' === $box->words ) {
			$warnings[] = Form_Check::without_text( $box->label );
		}
		return $warnings;
	}
}
