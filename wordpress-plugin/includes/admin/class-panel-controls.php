<?php
/**
 * The controls of the tab in the form editor.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Prints rows, menus and inputs. Contact Form 7 lets only plain form markup through.
 */
final class Panel_Controls {

	/**
	 * The name of an input of the tab.
	 *
	 * @param string|int ...$members Path to the member.
	 */
	public static function name( ...$members ): string {
		return Form_Panel::INPUT . '[' . implode( '][', $members ) . ']';
	}

	/**
	 * A row with a menu.
	 *
	 * @param string               $member     Member of the settings.
	 * @param string               $label      Its label.
	 * @param string               $current    The choice.
	 * @param array<string,string> $options    Labels by value.
	 * @param string               $help       Help below the menu.
	 * @param array<string,string> $attributes More attributes of the menu.
	 */
	public static function menu_row(
		string $member,
		string $label,
		string $current,
		array $options,
		string $help = '',
		array $attributes = array()
	): void {
		$id = Form_Panel::INPUT . '-' . $member;
		printf( '<tr><th scope="row"><label for="%s">%s</label></th><td>', esc_attr( $id ), esc_html( $label ) );
		self::menu(
			array(
				'id'   => $id,
				'name' => self::name( $member ),
			) + $attributes,
			$current,
			$options
		);
		self::help( $help );
		echo '</td></tr>';
	}

	/**
	 * A row with a text.
	 *
	 * @param string               $member     Member of the settings.
	 * @param string               $label      Its label.
	 * @param string               $type       Type of the input.
	 * @param string               $value      The text.
	 * @param string               $help       Help below the input.
	 * @param array<string,string> $attributes More attributes of the input.
	 */
	public static function text_row(
		string $member,
		string $label,
		string $type,
		string $value,
		string $help,
		array $attributes = array()
	): void {
		printf(
			'<tr><th scope="row"><label for="%1$s">%2$s</label></th>'
				. '<td><input type="%3$s" class="regular-text" id="%1$s" name="%4$s" value="%5$s"',
			esc_attr( Form_Panel::INPUT . '-' . $member ),
			esc_html( $label ),
			esc_attr( $type ),
			esc_attr( self::name( $member ) ),
			esc_attr( $value )
		);
		self::attributes( $attributes );
		echo ' />';
		self::help( $help );
		echo '</td></tr>';
	}

	/**
	 * A menu. A choice that no longer exists stays visible, so that saving the form does not lose it.
	 *
	 * @param array<string,string> $attributes Attributes of the menu.
	 * @param string               $current    The choice.
	 * @param array<string,string> $options    Labels by value.
	 */
	public static function menu( array $attributes, string $current, array $options ): void {
		echo '<select';
		self::attributes( $attributes );
		echo '>';
		if ( ! isset( $options[''] ) ) {
			printf( '<option value="">%s</option>', esc_html__( '— none —', 'gateway-connector' ) );
		}
		if ( '' !== $current && ! isset( $options[ $current ] ) ) {
			$options[ $current ] = sprintf( self::not_found(), $current );
		}
		foreach ( $options as $value => $label ) {
			printf(
				'<option value="%s" %s>%s</option>',
				esc_attr( (string) $value ),
				selected( $value, $current, false ),
				esc_html( $label )
			);
		}
		echo '</select>';
	}

	/**
	 * The label of a choice that no longer exists.
	 */
	public static function not_found(): string {
		/* translators: %s: name of a field or list */
		return __( '%s (not found)', 'gateway-connector' );
	}

	private static function attributes( array $attributes ): void {
		foreach ( $attributes as $attribute => $value ) {
			printf( ' %s="%s"', esc_attr( $attribute ), esc_attr( $value ) );
		}
	}

	private static function help( string $help ): void {
		if ( '' !== $help ) {
			printf( '<p class="description">%s</p>', esc_html( $help ) );
		}
	}
}
