<?php
/**
 * The settings of other plugins’ forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Keeps for each form of another plugin whether its submissions go to the gateway, and what they subscribe people to. All are in one
 * option, which is read only when a form is sent and on our own page.
 */
final class Plugin_Form_Settings {

	public const OPTION = 'gateway_connector_forms';

	public static function of( Plugin_Form $form ): Form_Settings {
		return Form_Settings::from_array( (array) ( self::all()[ $form->key() ] ?? array() ) );
	}

	public static function save( Plugin_Form $form, Form_Settings $settings ): void {
		update_option( self::OPTION, array( $form->key() => $settings->to_array() ) + self::all(), false );
	}

	private static function all(): array {
		return (array) get_option( self::OPTION, array() );
	}
}
