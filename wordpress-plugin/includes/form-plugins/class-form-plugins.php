<?php
/**
 * The plugins for forms that we know.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Knows the plugins for forms beside Contact Form 7 that run on this site.
 */
final class Form_Plugins {

	/**
	 * Those that are active, by their short names.
	 *
	 * @return array<string,Form_Plugin>
	 */
	public static function active(): array {
		$active = array();
		foreach ( self::known() as $plugin ) {
			if ( $plugin->is_active() ) {
				$active[ $plugin->id() ] = $plugin;
			}
		}
		return $active;
	}

	/**
	 * The form of a key such as wpforms-12; null when there is none.
	 */
	public static function form( string $key ): ?Plugin_Form {
		$plugin = self::active()[ (string) strtok( $key, '-' ) ] ?? null;
		foreach ( $plugin ? $plugin->forms() : array() as $form ) {
			if ( $form->key() === $key ) {
				return $form;
			}
		}
		return null;
	}

	/**
	 * All that we know.
	 *
	 * @return Form_Plugin[]
	 */
	private static function known(): array {
		$ours = array(
			new WPForms_Plugin(),
			new Gravity_Forms_Plugin(),
			new Fluent_Forms_Plugin(),
			new Ninja_Forms_Plugin(),
			new Elementor_Forms_Plugin(),
		);
		/**
		 * Adds another plugin for forms, by an object of the interface Gateway_Connector\Form_Plugin. Use it before the action init.
		 *
		 * @param Form_Plugin[] $plugins Those that we know.
		 */
		$plugins = (array) apply_filters( 'gateway_connector_form_plugins', $ours );
		return array_filter( $plugins, static fn( $plugin ) => $plugin instanceof Form_Plugin );
	}
}
